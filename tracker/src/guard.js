/** The only ways our code is ever called by the page: inside a try, and never in the page's way. */

/** `fn`, but what it throws stays here: a fault of ours may cost an event, never a visitor's click. */
export const guard = (fn) => (...values) => {
  try {
    return fn(...values);
  } catch {
    // Nobody is here to tell: the console belongs to the page, and the next event may fare better.
  }
};

/** Listens to each of `types`. Capturing, so that a page that stops an event does not hide it from us. */
export const on = (types, fn, target = self) => types.split(' ').map(
  (type) => target.addEventListener(type, guard(fn), {capture: true, passive: true}));

/** Runs `fn` in `wait` ms, and then when the page has nothing better to do. Gives the timer. */
export const later = (fn, wait) => setTimeout(() => (self.requestIdleCallback || setTimeout)(guard(() => fn()), {timeout: 500}), wait);

/** `fn` as a function that may be called often: it runs once, `wait` ms after the first call. */
export const soon = (fn, wait) => {
  let timer;
  return () => {
    timer ||= later(() => {
      timer = 0;
      fn();
    }, wait);
  };
};
