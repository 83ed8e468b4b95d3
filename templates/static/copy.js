/** Puts a snippet on the clipboard. The button shows itself only where it can keep its word. */
export function start(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(root, button));
  }
}

async function copy(root, button) {
  const label = button.querySelector('span');
  const before = label.textContent;
  await navigator.clipboard.writeText(root.getElementById(button.dataset.copy).textContent);
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
}
