// Small parts that the pages are made of.

/** An element. Children are elements, texts, or lists of them; a text is never read as HTML. */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(3).filter((child) => child !== '' && child != null));
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((child) => child !== '' && child != null));
}

export function number(value) {
  if (value == null) return '–';
  if (value === 0) return '0';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value >= 10 ? 3 : 2).replace(/\.0+$/, '');
}

export function bytes(value) {
  if (value == null) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
  return `${number(value)} ${units[unit]}`;
}

export function milliseconds(value) {
  if (value == null) return '–';
  return value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`;
}

export function moment(value) { return new Date(value).toLocaleTimeString('en-GB', { hour12: false }); }

export function ago(value) {
  const seconds = (Date.now() - value) / 1000;
  const size = Math.abs(seconds);
  const [length, unit] = size < 90 ? [1, 's'] : size < 5400 ? [60, 'min'] : size < 129600 ? [3600, 'h'] : [86400, 'd'];
  const text = `${Math.round(size / length)} ${unit}`;
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

export function badge(text, kind) { return h('span', { class: `badge ${kind}` }, text); }

/** A table with these columns: texts, or {text, number, wide}. */
export function table(columns, rows, id = null) {
  const head = columns.map((column) => {
    const { text, number: isNumber, wide } = typeof column === 'string' ? { text: column } : column;
    return h('th', { scope: 'col', class: [isNumber ? 'number' : '', wide ? 'wide' : ''].join(' ').trim() || null }, text);
  });
  return h('table', { id }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows));
}

/** A button that asks before it does something, and tells when that fails. */
export function confirmThen(text, question, action, kind = '') {
  const button = h('button', { type: 'button', class: kind }, text);
  button.addEventListener('click', async () => {
    if (!window.confirm(question)) return;
    button.disabled = true;
    try {
      await action();
    } catch (error) {
      notice(error.message, false);
    }
    button.disabled = false;
  });
  return button;
}

/** A line at the top; an empty text takes it away. */
export function notice(text, isGood = false) {
  const line = document.getElementById('notice');
  line.textContent = text;
  line.className = isGood ? 'good' : '';
  line.hidden = text === '';
}
