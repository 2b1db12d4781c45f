// Who may read what is written to the people of a case: their person ids, and besides them whoever this names.

/** The clerks of the windows, where a window took the case in. */
export const windowClerks = "window";
