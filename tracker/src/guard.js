/** The only ways our code is ever called by the page: inside a try, and never in the page's way. */

/** `fn`, but what it throws stays here: a fault of ours may cost an event, never a visitor's click. */
export const guard = (fn) => (...values) => {
  try {
    return fn(...values);
  } catch {
    // Nobody is here to tell: the console belongs to the page, and the next event may fare better.
  }
};

/**
 * Adds or removes `fn` as a listener to each of `types`. Capturing, so that a page that stops an event does not hide it
 * from us.
 */
export const listen = (how, types, fn, target = self) => types.split(' ').map(
  (type) => target[how + 'EventListener'](type, fn, {capture: true, passive: true}));

const heard = {}; // what hears each type of event, in the order in which it asked for it

const hear = (event) => {
  for (const fn of heard[event.type]) fn(event);
};

/** `fn` hears each of `types`. One listener a type: for the browser it is the calling of one that costs. */
export const on = (types, fn, target) => types.split(' ').map((type) => {
  if (!heard[type]) listen('add', type, hear, target);
  (heard[type] ||= []).push(guard(fn));
});

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
