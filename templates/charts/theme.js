/** The page's own colours and type, as the browser has worked them out for light or dark. */
const NAMES = ['ink', 'ink-2', 'ink-3', 'line', 'line-strong', 'surface', 'blue', 'blue-wash', 'bar', 'orange'];

export function colours(place) {
  const probe = document.createElement('span');
  place.append(probe);
  const found = {font: getComputedStyle(place).fontFamily};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    found[name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}
