/** Emits `pageview` for load, in-app navigation, return from the back-forward cache and activation, never twice. */
import {clean, current} from './address.js';
import {engaged} from './engagement.js';
import {guard, on} from './guard.js';
import {enter, leave} from './lifecycle.js';
import {begin, emit, entitle, page} from './queue.js';
import {unique} from './visitor.js';

const QUICK = 7000;

let address, before;

/** One that began a while ago brings its address of then, and when that was. */
export const view = (how, href, began) => {
  before = address;
  address = current(href);
  begin({
    view: unique(),
    url: clean(address),
    referrer: page?.url || document.referrer && clean(document.referrer),
  });
  enter(how, began);
  const event = emit('pageview', {how});
  if (began) event.at -= Math.round(performance.now() - began);
};

const quickBack = () => engaged() < QUICK && emit('frustration', {kind: 'quick_back'});

/** The address may have changed. `replaced`: then only another path is another page. */
const navigated = (replaced) => {
  const next = current();
  if (next == address) return;
  if (replaced && next.split('?')[0] == address.split('?')[0]) {
    address = next;
    return;
  }
  if (next == before) quickBack();
  entitle();
  leave(1);
  view('navigate');
};

/** Chrome on iOS calls a patched pushState from inside itself: the second look finds nothing new. */
const patch = (name) => {
  const original = history[name];
  history[name] = (...values) => {
    original.apply(history, values);
    guard(navigated)(name[0] == 'r');
  };
};

export const startNavigation = () => {
  on('pageshow', (event) => event.persisted && view('restore'));
  if (self.navigation) {
    on('currententrychange', (event) => navigated(event.navigationType == 'replace'), navigation);
    // Back to another document; inside one document `navigated` sees it.
    on('navigate', ({navigationType, destination}) => {
      if (navigationType == 'traverse' && !destination.sameDocument && destination.index < navigation.currentEntry.index) quickBack();
    }, navigation);
  } else {
    ['pushState', 'replaceState'].map(guard(patch));
    on('popstate hashchange', () => navigated());
  }
};
