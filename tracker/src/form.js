/**
 * Emits `form` (view, start, submit, abandon) and `field`, one for each stay in a field and each refused value.
 *
 * That something was typed, never what: a field's value is asked one thing, whether it is empty, and of a
 * sensitive field not even that. Of those nothing is sent but that they were entered and left.
 */
import {last} from './click.js';
import {trackElement} from './custom.js';
import {among, attribute, isChoice, isField, label, pathOf, where} from './dom.js';
import {acted} from './engagement.js';
import {guard, later, on, soon} from './guard.js';
import {emit} from './queue.js';

const SECOND = 1000;

// Types, autocomplete tokens, names and labels of passwords, cards, codes, identity and telephone numbers.
const SENSITIVE = /pass|pwd|\bcc|cv[cv]|card|iban|one-time|\b(otp|pin|ssn|tel|tz|id)\b|id.?num|zehut|phone|mobile|סיסמ|אימות|כרטיס|אשראי|ת["״.]ז|זהות|דרכון|טלפון|נייד/i;

let forms; // what each form went through in this view
let stay; // in the field that has the focus
const answered = new WeakSet(); // fields that were left with something in them

const nameOf = (element) => (attribute(element, 'data-netiv-name') || attribute(element, 'name') || attribute(element, 'id') || where(element)).slice(-100);

const stateOf = (form) => forms.get(form)
  || forms.set(form, {_form: form, _name: nameOf(form), _touched: new Set(), _refused: {}}).get(form);

const tell = (kind, state) => emit('form', {kind, form: state._name, fields: state._touched.size, last_field: state._last});

/** Tells about a field, and `facts()` about what was done in it unless it is sensitive. */
const tellField = (field, state, facts, always) => {
  const about = {field: nameOf(field), label: label(field), control: field.type, autocomplete: attribute(field, 'autocomplete').slice(0, 60)};
  const sensitive = SENSITIVE.test([...Object.values(about), attribute(field, 'id'), attribute(field, 'placeholder')]);
  const more = sensitive ? always : {...facts(), ...always};
  if (more) emit('field', {form: state._name, ...about, sensitive, ...more});
};

/** The form was seen: a second on the screen, or somebody is in it. */
const seen = (state) => {
  if (state._seen) return;
  state._seen = tell('view', state);
  // Errors that came with the page, from the server, and then the page's own.
  state._form.querySelectorAll('[aria-invalid=true]').forEach((field) => refuse(field, state, 'server'));
  new MutationObserver(guard((changes) => changes.map(({target, oldValue}) => {
    if (oldValue != 'true' && target.matches('[aria-invalid=true]')) refuse(target, state, 'aria-invalid');
  }))).observe(state._form, {subtree: true, attributeFilter: ['aria-invalid'], attributeOldValue: true});
};

const touch = (field, state) => {
  seen(state);
  if (state._field != field) state._touched.add(state._last = nameOf(state._field = field)); // each key comes by here
  state._started ||= tell('start', state);
  state._open = 1;
};

/** The stay in a field, begun now if it is another. One in a field without the focus, that the browser filled, is over at once. */
const enter = (_field, _state) => {
  if (stay?._field == _field) return stay;
  const here = {_field, _state, _at: performance.now(), _facts: {changes: 0, corrections: 0, returned: answered.has(_field)}};
  if (_field.matches(':focus')) {
    leaveField();
    stay = here;
  }
  return here;
};

const finish = ({_field, _state, _at, _facts}) => tellField(_field, _state, () => {
  _facts.filled = !!(isChoice(_field) ? _field.checked : _field.value ?? _field.textContent);
  if (_facts.filled) answered.add(_field);
  return _facts;
}, {time_ms: Math.round(performance.now() - _at)});

export const leaveField = () => {
  // The page may have put the focus there itself; then nobody was in the field.
  if (stay?._state._started) finish(stay);
  stay = null;
};

/** `fn(field, state of its form, event)` for events in fields; what a script did itself is no act of the visitor's. */
const inFields = (type, fn) => on(type, (event) => {
  if (!event.isTrusted) return;
  if (stay && event.target == stay._field) return fn(stay._field, stay._state, event); // each key comes by here
  const path = pathOf(event);
  const field = path[0];
  if (field && isField(field)) fn(field, stateOf(field.form || among(path, 'form,[role=form]') || document.body), event);
});

const focused = (field, state) => {
  if (stay?._field == field) return; // the window lost the focus and has it again
  enter(field, state);
  // A page may put the focus into its search box: nobody touched that.
  if (acted) touch(field, state);
};

const typed = (field, state, {inputType}) => {
  const here = enter(field, state);
  const facts = here._facts;
  const words = /^(text|email|url|search|undef)/.test(field.type);
  const deletes = words ? /^(del|hist)/.test(inputType) : facts.changes;
  touch(field, state);
  if (/Paste|Drop$/.test(inputType)) facts.pasted = true;
  // No browser says so: a text that changes without a key, or as a whole.
  if (words && /^(undef|$|insertRep)/.test(inputType)) facts.autofilled = true;
  if (!facts.changes++ && !facts.pasted && !facts.autofilled) facts.hesitation_ms = Math.round(performance.now() - here._at);
  // Holding the backspace is one correction.
  if (deletes && !here._deleting) facts.corrections++;
  here._deleting = words && deletes;
  if (here != stay) finish(here);
};

const refuse = (field, state, error) => {
  const now = performance.now();
  const name = nameOf(field);
  state._open = 1;
  // The page's own mark often follows the browser's event.
  if (now - state._refused[name] < SECOND) return;
  state._refused[name] = now;
  tellField(field, state, () => ({kind: 'invalid', error}));
};

const submitted = (state) => {
  leaveField();
  tell('submit', state);
  state._open = 0;
  state._click = last.at;
};

const invalid = (field, state) => {
  // The browser stops a submission that is not valid; one that a click began was attempted all the same.
  if (state._click != last.at && performance.now() - last.at < SECOND) submitted(state);
  for (const rule in field.validity) {
    if (field.validity[rule]) return refuse(field, state, rule);
  }
};

const watcher = new IntersectionObserver(guard((entries) => entries.map((entry) => {
  const state = stateOf(entry.target);
  clearTimeout(state._timer);
  if (entry.isIntersecting) state._timer = later(() => document.hidden || seen(state), SECOND);
})), {threshold: .2});

const scan = soon(() => [...document.forms].map((form) => form.closest('[data-netiv-ignore]') || watcher.observe(form)), 300);

export const resetForms = () => {
  forms = new Map();
  watcher.disconnect();
  scan();
};

/** The forms that were begun and given up. */
export const reportForms = () => forms.forEach((state) => state._started && state._open && tell('abandon', state));

export const startForms = () => {
  inFields('focusin', focused);
  inFields('focusout', (field) => field == stay?._field && !field.matches(':focus') && leaveField());
  inFields('input', typed);
  inFields('invalid', invalid);
  on('submit', (event) => {
    const form = pathOf(event)[0];
    submitted(stateOf(form));
    if (form.matches('[data-netiv-event]')) trackElement(form);
  });
  on('click', scan); // a click may bring a form
};
