/** When a page view begins and ends, and when its document does. */
import {sign} from './click.js';
import {act, reportEngagement, resetEngagement} from './engagement.js';
import {resetErrors} from './errors.js';
import {leaveField, reportForms, resetForms} from './form.js';
import {on} from './guard.js';
import {send} from './queue.js';
import {reportVitals, resetVitals} from './vitals.js';

/** A page view begins: everything counted for the one before starts anew. */
export const enter = (how, began) => {
  sign();
  resetEngagement(began);
  resetErrors();
  resetForms();
  // In one document they are its first view's.
  if (how != 'navigate') resetVitals();
};

/** What is still to be said about the view. Without `gone` the page is only hidden and may come back. */
export const leave = (gone) => {
  sign();
  leaveField();
  if (gone) reportForms();
  reportVitals();
  reportEngagement();
};

const out = (gone) => {
  leave(gone);
  send(1);
};

export const startLifecycle = () => {
  // hidden is the last event sure to come on a telephone, pagehide elsewhere; unload would cost the back-forward cache.
  on('visibilitychange', () => document.hidden ? out() : act());
  on('pagehide', () => out(1));
  on('online', () => send());
};
