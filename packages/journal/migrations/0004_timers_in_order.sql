-- Many timers are due at one moment, the end of a day: they are read in an order of their own, page by page.
create index timer_in_order on timer (due, stream, name);
drop index timer_due;
