/** The only ways our code is ever called by the page: always inside a try, never in the page's way. */

/** `fn`, but what it throws stays here: a fault of ours may cost an event, never a visitor's click. */
export const guard = (fn) => (...values) => {
  try {
    return fn(...values);
  } catch {
    // Nobody is here to tell: the console belongs to the page, and the next event may fare better.
  }
};

/** Listens to each of `types`. Capturing, so that a page that stops an event does not hide it from us. */
export const on = (target, types, fn) => types.split(' ').forEach(
  (type) => target.addEventListener(type, guard(fn), {capture: true, passive: true}));

/** Runs `fn` when the page has nothing better to do, in `wait` ms at the earliest. Gives the timer. */
export const later = (fn, wait) => setTimeout(
  () => self.requestIdleCallback ? requestIdleCallback(guard(fn), {timeout: 500}) : guard(fn)(), wait);

/** Calls `fn` with each entry of a performance type; says whether this browser has the type. */
export const observe = (type, fn, more) => {
  const known = PerformanceObserver.supportedEntryTypes.includes(type);
  if (known) {
    new PerformanceObserver(guard((list) => list.getEntries().forEach(fn))).observe({type, buffered: true, ...more});
  }
  return known;
};
