/**
 * What a preview shows besides the variant: a bar that names it, and ends it. It stands by itself: build.mjs takes the
 * function's text, experiments/preview_views.py puts it behind the script. Nothing is stored; the preview is in the
 * address, and goes along with every step on the site.
 */

export const bar = (token, words) => {
  const name = 'netiv-preview';
  const withToken = (url) => {
    const target = new URL(url, location);
    target.searchParams.set(name, token);
    return target.href;
  };
  const keep = () => location.search.includes(name) || history.replaceState(history.state, '', withToken(location));
  keep();
  setInterval(keep, 300); // an application goes elsewhere
  addEventListener('click', ({target}) => {
    const link = target.closest?.('a[href]');
    if (link && link.origin == location.origin) link.href = withToken(link.href);
  }, true);

  const show = () => {
    const element = (tag, style, text, parent) => {
      const made = document.createElement(tag);
      made.style.cssText = style;
      made.textContent = text;
      parent.append(made);
      return made;
    };
    const host = element('div', 'all:initial;position:fixed;inset:auto 0 0 0;z-index:2147483647', '', document.documentElement);
    const root = host.attachShadow({mode: 'closed'});
    const line = element('div', 'display:flex;gap:12px;align-items:center;justify-content:center;flex-wrap:wrap;padding:8px 12px;'
      + 'background:#1b2559;color:#fff;font:14px/1.4 system-ui,sans-serif', '', root);
    line.dir = words.dir;
    element('span', '', words.told, line);
    const end = element('a', 'color:#fff;font-weight:600;text-decoration:underline;cursor:pointer', words.end, line);
    const url = new URL(location);
    url.searchParams.delete(name);
    end.href = url;
    end.rel = 'noreferrer'; // the next page would read the preview from there
  };
  if (document.body) show();
  else addEventListener('DOMContentLoaded', show);
};
