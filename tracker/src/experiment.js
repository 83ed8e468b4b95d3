/**
 * The second script, for sites with running experiments. It stands in the head and holds the first paint back until it
 * has come; then it changes elements in the same moment in which the parser makes them, so nobody sees the control first.
 *
 * A template: experiments/delivery.py puts in EXPERIMENTS, with the variant of a visitor who is told apart by the day's
 * hash only, and of KINDS (changes.js) what they use. Whoever gave consent, or is known to the owner, is assigned here.
 * Built for what is used: with GROUPS, REDIRECTS, WAITS (for consent, an event, a parameter); FORCED is a preview.
 * No eval, no HTML from strings, no inline handler or style: a policy that lets the script load lets it work.
 */
import {bucket, placeIn} from './assign.js';
import {guard} from './guard.js';
import {preview} from './preview.js';

/* global EXPERIMENTS, KINDS, GROUPS, REDIRECTS, WAITS, FORCED */
const script = document.currentScript;
const search = WAITS || REDIRECTS ? new URLSearchParams(location.search) : 0;
const cookie = () => document.cookie.match(/\bnetiv=(\w+)/)?.[1];
const happened = {};
let user = FORCED ? '' : script.dataset.netivUser, consented = cookie();
const made = []; // [change, element, what takes it back, the element's size then]
let address, id, loading = 1;

/**
 * One experiment; gives what to do on every change of the document, on another address, and when its variant is asked for.
 *
 * `chosen` is the place of the variant by the day's hash, -1 for none; `ranges`, `group` and `slots` are assign.js's;
 * `path` is a regular expression, a change [place of the variant, kind, selector, name, value]. What it may wait for:
 * `consent`, an own `event`, a `parameter` of the address with its `content`, a visitor who is new (1) or `returning` (2).
 */
const experiment = ([key, variants, chosen, ranges, path, changes, group, slots, consent, event, parameter, content, returning]) => {
  let variant, on, seen;
  const asked = [];

  const expose = () => {
    if (!FORCED) seen ||= self.netiv('exposure', key, on) || 1;
  };
  const answer = (callback) => {
    if (on) expose();
    callback?.(on);
    return [on];
  };
  const screen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && expose());

  const decide = () => variants[WAITS && consent && !consented ? -1 : variant ??= !FORCED && (id = user || consented)
    ? GROUPS && group && placeIn(slots, bucket(group, id)) < 0 ? -1 : placeIn(ranges, bucket(key, id))
    : chosen];

  const change = (one) => document.querySelectorAll(one[2]).forEach((element) => {
    const [of, kind, , name, value] = one;
    // What is gone in one variant is in all of them seen by what is around it: the same for everybody, or the split is skewed.
    screen.observe(kind == 'remove' ? element.parentNode : element);
    if (of != variant) return;
    let done = made.find((each) => each[0] == one && each[1] == element);
    // A second time only if its end had not been read yet, and the parser has added to it since.
    if (!done) made.unshift(done = [one, element]);
    else if (!loading || done[3] == element.innerHTML.length) return;
    else done[2]();
    done[2] = KINDS[kind](element, name, value);
    done[3] = element.innerHTML.length;
  });

  return {
    _key: key,
    _look: guard(() => {
      const first = variant;
      on = path.test(decodeURIComponent(location.pathname) + location.hash) && (!WAITS
        || (!event || happened[event]) && (!parameter || search.get(parameter) == content)
        // The cookie's id ends with the time it was made: visitor.js.
        && (!returning || returning - 1 == (parseInt(consented?.slice(-8), 36) < new Date().setHours(0, 0, 0, 0)))) ? decide() : undefined;
      if (!on) return;
      if (first == null) document.dispatchEvent(new CustomEvent('netiv:variant', {detail: {experiment: key, variant: on}}));
      if (WAITS) asked.splice(0).map(answer);
      if (REDIRECTS) {
        const redirects = changes.filter(([, kind]) => kind == 'redirect');
        const mine = redirects.find(([of]) => of == variant);
        if (mine && redirect(key, mine[4])) return;
        if (redirects[0]) return expose();
      }
      changes.map(change);
    }),
    _ask: WAITS ? (callback) => variant == null && callback ? [void asked.push(callback)] : answer(callback) : answer,
    _arrive: REDIRECTS && (() => (on = decide()) && expose()),
  };
};

/** Goes to the variant's address with the query of this one, once; nothing when it is there already. */
const redirect = (key, to) => {
  const target = new URL(to, location), own = [...target.searchParams], {style} = document.documentElement;
  const [here, before] = [location.href, document.referrer].map((url) => url.split(/[?#]/)[0]);
  if (from || here == before || target.pathname == location.pathname && own.every(([name, value]) => search.get(name) == value)) return;
  search.forEach((value, name) => own.some((pair) => pair[0] == name) || target.searchParams.append(name, value));
  target.searchParams.set('netiv-from', key + ' ' + document.referrer);
  target.hash ||= location.hash;
  self.netiv.on = 1; // no tracker starts here
  // This page would be the control. Back again after a while, should the other one never come.
  style.display = 'none';
  setTimeout(() => { style.display = ''; }, 3000);
  location.replace(target);
  return 1;
};

/** Called for every change of the document, before it is painted: an application that goes elsewhere makes some too. */
const look = () => {
  if (address != (address = location.href)) made.splice(0).map(guard((each) => each[2]()));
  experiments.map((each) => each._look());
  loading = document.readyState == 'loading'; // once more when it is over: the parser's last work comes with it
};

/** Hears every call of netiv() first. The variant is one's own business: [answer], undefined for who takes no part. */
const hear = guard((command, name, callback) => {
  if (command == 'variant') {
    look();
    return experiments.find(({_key}) => _key == name)?._ask(callback) || [callback?.()];
  }
  if (command == 'identify') user ||= name;
  if (WAITS) {
    if (command == 'track') happened[name] = 1;
    if (/^[cit]/.test(command)) queueMicrotask(() => { // when the tracker has done its part
      consented = cookie();
      look();
    });
  }
});

const observer = new MutationObserver(look);
const {netiv} = self, early = netiv.q || [];
const all = EXPERIMENTS.map(experiment);
// The snippet takes the tag out when it has waited long enough: then the visitor has seen the control, and keeps it.
const experiments = FORCED || script.isConnected ? all : [];
// A redirect hands over which experiment it was for, and where the visitor came from.
const [from, referrer] = REDIRECTS && search.get('netiv-from')?.split(' ') || [];

if (FORCED || !preview()) {
  self.netiv = Object.assign((...call) => (hear(...call) || [netiv(...call)])[0], netiv, {hear});
  if (user) self.netiv('identify', user); // for what is sent: the tracker
  if (REDIRECTS && from) {
    const clean = new URL(location);
    clean.searchParams.delete('netiv-from');
    history.replaceState(history.state, '', clean);
    // As if there had been no redirect: for our tracker and everybody else's.
    Object.defineProperty(document, 'referrer', {value: referrer, configurable: true});
    all.find(({_key}) => _key == from)?._arrive();
  }
  early.splice(0).map((call) => hear(...call) || netiv(...call));
  look();
  observer.observe(document, {childList: true, subtree: true});
}
