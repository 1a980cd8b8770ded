// Lines over time, as SVG.
import { number, milliseconds, replace } from './dashboard-view.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 720;
const height = 100;

function line(points, key, largest) {
  let path = '';
  points.forEach((point, index) => {
    const value = point[key];
    if (value == null) return;
    const x = points.length < 2 ? 0 : (index / (points.length - 1)) * width;
    const y = height - (value / largest) * (height - 4) - 2;
    path += `${path ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return path;
}

/** Draws rate and errors on one scale, p99 on another. */
export function chart(box, history, stepSeconds) {
  const points = history.map((point) => ({ ratePerSecond: point.invocations / stepSeconds,
    errorsPerSecond: point.failures / stepSeconds, p99Milliseconds: point.p99Milliseconds }));
  if (!points.some((point) => point.ratePerSecond > 0)) {
    const text = document.createElement('p');
    text.className = 'quiet';
    text.textContent = 'It was not invoked.';
    return replace(box, text);
  }
  const most = Math.max(...points.map((point) => point.ratePerSecond || 0), 0.001);
  const latest = Math.max(...points.map((point) => point.p99Milliseconds || 0), 0.001);
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('class', 'chart');
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  drawing.setAttribute('preserveAspectRatio', 'none');
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', `Up to ${number(most)} invocations a second, p99 up to ${milliseconds(latest)}`);
  for (const [key, largest, name] of [['p99Milliseconds', latest, 'late'], ['errorsPerSecond', most, 'errors'], ['ratePerSecond', most, 'rate']]) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('class', name);
    path.setAttribute('d', line(points, key, largest));
    drawing.append(path);
  }
  const key = document.createElement('div');
  key.className = 'key';
  const minutes = Math.round((points.length * stepSeconds) / 60);
  for (const [name, text] of [['rate', `invocations/s, up to ${number(most)}`], ['errors', 'errors/s'],
    ['late', `p99, up to ${milliseconds(latest)}`], ['', `${minutes} minutes`]]) {
    const part = document.createElement('span');
    const mark = document.createElement('i');
    mark.className = name;
    part.append(mark, text);
    key.append(part);
  }
  replace(box, drawing, key);
}
