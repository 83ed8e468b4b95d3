/** When a page view begins and ends, and when its document does. Modules hang their own beginnings and ends here. */
import {on} from './guard.js';
import {send} from './queue.js';

const beginning = [], leaving = [];

/** `fn(how)` runs when a page view begins. */
export const onView = (fn) => beginning.push(fn);

/** `fn(gone)` runs before the last batch; without `gone` the page is only hidden and may come back. */
export const onLeave = (fn) => leaving.push(fn);

export const enter = (how) => beginning.forEach((fn) => fn(how));
export const leave = (gone) => leaving.forEach((fn) => fn(gone));

const out = (gone) => {
  leave(gone);
  send(1);
};

export const startLifecycle = () => {
  // hidden is the last event sure to come on a telephone, pagehide elsewhere; unload would cost the back-forward cache.
  on(document, 'visibilitychange', () => document.hidden && out());
  on(self, 'pagehide', () => out(1));
  on(self, 'online', () => send());
};
