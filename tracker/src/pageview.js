/** Emits `pageview` for load, in-app navigation, return from the back-forward cache and activation, never twice. */
import {options} from './config.js';
import {clean} from './dom.js';
import {engaged} from './engagement.js';
import {guard, on} from './guard.js';
import {enter, leave} from './lifecycle.js';
import {begin, emit, page} from './queue.js';
import {unique} from './visitor.js';

const QUICK = 7000;

let address, before, began = -500;

const current = () => location.pathname + location.search + (options.netivHash != null ? location.hash : '');

export const view = (how) => {
  const now = performance.now();
  const next = current();
  if (next == address && now - began < 500) return;
  const referrer = page ? page.url : document.referrer && clean(document.referrer);
  began = now;
  before = address;
  address = next;
  begin({view: unique(), url: clean(location, options.netivHash != null), referrer});
  enter(how);
  emit('pageview', {how});
};

const quickBack = () => engaged() < QUICK && emit('frustration', {kind: 'quick_back'});

/** Something may have changed the address. `replaced`: then only another path is another page. */
const navigated = (replaced) => {
  const next = current();
  if (next == address || replaced && next.split('?')[0] == address.split('?')[0]) {
    address = next;
    return;
  }
  if (next == before) quickBack();
  page.title ??= document.title.slice(0, 300);
  leave(1);
  view('navigate');
};

/** Re-entrancy is capped: Chrome on iOS calls a patched pushState from inside itself. */
const patch = (name) => {
  const original = history[name];
  let depth = 0;
  history[name] = function (...values) {
    depth++;
    try {
      return original.apply(this, values);
    } finally {
      if (!--depth) guard(navigated)(name[0] == 'r');
    }
  };
};

export const startNavigation = () => {
  on(self, 'pageshow', (event) => event.persisted && view('restore'));
  if (self.navigation) {
    on(navigation, 'currententrychange', (event) => navigated(event.navigationType == 'replace'));
    // Leaving for another document; inside one document `navigated` sees it.
    on(navigation, 'navigate', ({navigationType, destination}) => {
      if (navigationType == 'traverse' && !destination.sameDocument && destination.index < navigation.currentEntry.index) quickBack();
    });
  } else {
    ['pushState', 'replaceState'].forEach(guard(patch));
    on(self, 'popstate hashchange', () => navigated());
  }
};
