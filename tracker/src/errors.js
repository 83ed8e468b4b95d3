/** Emits `error` for script errors and unhandled rejections: each message once a view, ten at most. */
import {clean} from './address.js';
import {blame} from './click.js';
import {scrub} from './dom.js';
import {on} from './guard.js';
import {emit} from './queue.js';

let seen;

const failed = (event) => {
  const {reason, filename} = event;
  const said = scrub(event.message || reason?.message || reason || '', 300);
  // Failed images come here too, without a message; a resize loop is the browser's own sigh, not a fault.
  if (!said || /^ResizeO/.test(said)) return;
  blame();
  if (!seen[9] && !seen.includes(said)) {
    seen.push(said);
    emit('error', {message: said, source: filename && clean(filename), line: event.lineno, column: event.colno});
  }
};

export const resetErrors = () => {
  seen = [];
};

export const startErrors = () => on('error unhandledrejection', failed);
