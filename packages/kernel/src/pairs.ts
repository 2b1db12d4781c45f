// Whom evidence is about: each person of its role, and where it is between two roles, each two people.

interface Person {
  role: string;
  personId: string;
  position: number;
}
export interface Holding {
  holderId: string;
  /** Empty, where it is about one person only. */
  toHolderId: string;
  position: number;
}

export function holdersOf(pair: { role: string; to: string }, subjects: readonly Person[]): Holding[] {
  const of = (role: string) => subjects.filter((subject) => subject.role === role);
  const others = pair.to ? of(pair.to).map((other) => other.personId) : [""];
  return of(pair.role).flatMap(({ personId, position }) =>
    others.map((toHolderId) => ({ holderId: personId, toHolderId, position })),
  );
}
