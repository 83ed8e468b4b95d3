/** Emits `error` for script errors and unhandled rejections: each message once a view, ten at most. */
import {blame} from './click.js';
import {clean, scrub} from './dom.js';
import {on} from './guard.js';
import {emit} from './queue.js';

let seen;

const failed = ({message, reason, filename, lineno: line, colno: column}) => {
  const said = scrub(message || reason?.message || reason || '', 300);
  // Failed images come here too, without a message; a resize loop is the browser's own sigh, not a fault.
  if (!said || /^ResizeO/.test(said)) return;
  blame();
  if (seen.size < 10 && !seen.has(said)) {
    seen.add(said);
    emit('error', {message: said, source: filename && clean(filename), line, column});
  }
};

export const resetErrors = () => {
  seen = new Set();
};

export const startErrors = () => on('error unhandledrejection', failed);
