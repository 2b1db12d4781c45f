// Loaded into a process before its program (`node --import "clock-ahead.ts?ms=…"`): there it is so much later, or earlier.
const ahead = Number(new URL(import.meta.url).searchParams.get("ms"));
const Real = Date;
const now = () => Real.now() + ahead;

globalThis.Date = new Proxy(Real, {
  construct: (date, given, as) => Reflect.construct(date, given.length === 0 ? [now()] : given, as) as Date,
  get: (date, name, as) => (name === "now" ? now : Reflect.get(date, name, as)),
});
