// The dashboard: asks the admin API and draws what it says. Everything that comes from outside becomes text, never HTML.
import { api, session, signIn, signOut, stream } from './dashboard-api.js';
import { chart } from './dashboard-chart.js';
import { h, number, bytes, milliseconds, moment, ago, badge, table, replace, confirmThen, notice } from './dashboard-view.js';

const page = document.getElementById('page');
const top_ = document.getElementById('top');
const health = document.getElementById('health');

/** What the page that is shown wants done before another one is. */
let leave = [];
/** The last statistics by function. */
let live = new Map();

async function route() {
  for (const end of leave) end();
  leave = [];
  if (!session.active) return showSignIn();
  top_.hidden = false;
  const [, kind = '', name = ''] = location.hash.replace(/^#/, '').split('/');
  for (const link of document.querySelectorAll('nav a')) {
    const own = link.getAttribute('href').replace(/^#\//, '');
    if (own === kind || (own === '' && kind === 'functions')) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const pages = { '': showFunctions, functions: () => showFunction(decodeURIComponent(name)), queues: showQueues,
    schedules: showSchedules, doctor: showDoctor };
  try {
    await (pages[kind] || showFunctions)();
  } catch (error) {
    if (error.status === 401) { session.active = false; return showSignIn(); }
    replace(page, h('section', {}, h('h2', {}, 'This page cannot be shown'), h('p', {}, error.message)));
  }
}

function showSignIn(message = '') {
  top_.hidden = true;
  const token = h('input', { type: 'password', name: 'token', autocomplete: 'current-password', required: true, id: 'token' });
  const form = h('form', { class: 'card signin' },
    h('h1', {}, 'Glo'), h('label', { for: 'token' }, 'Admin token', token),
    h('button', { class: 'main', type: 'submit' }, 'Sign in'),
    h('p', { class: 'bad', role: 'alert' }, message));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await signIn(token.value);
      await route();
    } catch (error) {
      showSignIn(error.message);
    }
  });
  replace(page, form);
  token.focus();
}

/** Keeps statistics coming; `draw` is called with each. */
function follow(query, handlers) {
  const source = stream(query, handlers);
  leave.push(() => source.close());
}

function seeStatus(stats) {
  live = new Map(stats.functions.map((f) => [f.name, f]));
  const failing = stats.functions.filter((f) => f.rates.errorRate > 0.05 && f.rates.perSecond > 0).length;
  health.textContent = failing ? `${failing} failing` : 'serving';
  health.className = `badge ${failing ? 'bad' : 'good'}`;
}

// Functions

async function showFunctions() {
  const functions = await api('functions');
  const body = h('tbody', {});
  const tiles = h('div', { class: 'tiles' });
  replace(page, h('h1', {}, 'Functions'), tiles,
    h('section', { class: 'scroll' }, functions.length
      ? h('table', { id: 'functions' }, h('thead', {}, h('tr', {}, h('th', {}, 'Name'), h('th', {}, 'State'),
          h('th', { class: 'number' }, 'Rate/s'), h('th', { class: 'number' }, 'p50'), h('th', { class: 'number' }, 'p99'),
          h('th', { class: 'number' }, 'Errors'), h('th', { class: 'number wide' }, 'Workers'),
          h('th', { class: 'number wide' }, 'Version'))), body)
      : h('p', { class: 'quiet' }, 'There is no function yet: drop an executable into the functions directory.')));
  const draw = (stats) => {
    if (stats) seeStatus(stats);
    replace(body, ...functions.map(functionRow));
    if (stats) replace(tiles, ...totals(stats));
  };
  draw(null);
  follow('', { stats: draw });
}

function functionRow(f) {
  const s = live.get(f.name);
  return h('tr', {},
    h('td', {}, h('a', { href: `#/functions/${encodeURIComponent(f.name)}` }, f.name)),
    h('td', {}, badge(f.state, { active: 'good', rejected: 'bad', failed: 'bad' }[f.state] || 'warn'),
      f.problem ? h('div', { class: 'bad' }, f.problem) : ''),
    h('td', { class: 'number' }, s ? number(s.rates.perSecond) : '–'),
    h('td', { class: 'number' }, s ? milliseconds(s.rates.p50Milliseconds) : '–'),
    h('td', { class: 'number' }, s ? milliseconds(s.rates.p99Milliseconds) : '–'),
    h('td', { class: `number ${s && s.rates.errorRate > 0 ? 'bad' : ''}` }, s ? `${number(100 * s.rates.errorRate)} %` : '–'),
    h('td', { class: 'number wide' }, String(f.workers)),
    h('td', { class: 'number wide' }, f.version ? String(f.version) : '–'));
}

function totals(stats) {
  const tile = (value, text) => h('div', { class: 'tile' }, h('b', {}, value), h('span', {}, text));
  return [tile(number(stats.total.perSecond), 'invocations/s'), tile(milliseconds(stats.total.p99Milliseconds), 'p99'),
    tile(String(stats.workers.busy), 'workers busy'), tile(String(stats.queue.ready), 'events waiting'),
    tile(String(stats.queue.dead), 'dead letters'),
    tile(bytes(stats.process?.residentBytes), 'memory of glo')];
}

// One function

async function showFunction(name) {
  const path = `functions/${encodeURIComponent(name)}`;
  const [detail, versions, explanation, history] = await Promise.all([
    api(path), api(`${path}/versions`), api(`${path}/explain`).catch(() => null),
    api(`stats/history?function=${encodeURIComponent(name)}`).catch(() => null)]);
  const chartBox = h('div', {});
  const tiles = h('div', { class: 'tiles' });
  const log = h('pre', { class: 'log', id: 'log', tabindex: '0', 'aria-label': 'Log' });
  replace(page,
    h('h1', {}, name, ' ', badge(detail.state, detail.state === 'active' ? 'good' : 'bad')),
    detail.problem ? h('section', { class: 'bad' }, detail.problem.message, detail.problem.hint ? h('div', { class: 'quiet' }, detail.problem.hint) : '') : '',
    tiles,
    h('section', {}, h('h2', {}, 'The last hour'), chartBox),
    h('div', { class: 'columns' }, consoleSection(name, path), versionsSection(name, path, versions)),
    h('section', {}, h('h2', {}, 'Log'), log),
    h('div', { class: 'columns' }, settingsSection(detail), explainSection(explanation)));
  chart(chartBox, history ? history.points : [], history ? history.stepSeconds : 10);
  const tile = (value, text) => h('div', { class: 'tile' }, h('b', {}, value), h('span', {}, text));
  follow(`function=${encodeURIComponent(name)}&logs=true`, {
    stats(stats) {
      seeStatus(stats);
      const s = live.get(name);
      if (!s) return;
      replace(tiles, tile(number(s.rates.perSecond), 'invocations/s'), tile(milliseconds(s.rates.p50Milliseconds), 'p50'),
        tile(milliseconds(s.rates.p99Milliseconds), 'p99'), tile(`${number(100 * s.rates.errorRate)} %`, 'errors'),
        tile(String(s.waiting + s.queue.ready), 'waiting'));
    },
    log(record) { addLine(log, record); },
  });
}

function addLine(log, record) {
  const stays = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  const text = record.message ?? `${record.kind}${record.outcome ? ' ' + record.outcome : ''}`
    + (record.durationMilliseconds == null ? '' : ` ${milliseconds(record.durationMilliseconds)}`);
  log.append(h('div', { class: record.outcome && record.outcome !== 'ok' ? 'bad' : '' },
    `${moment(record.atMilliseconds)} ${text}`));
  while (log.childElementCount > 500) log.firstElementChild.remove();
  if (stays) log.scrollTop = log.scrollHeight;
}

function consoleSection(name, path) {
  const input = h('textarea', { id: 'payload', spellcheck: 'false' }, '{}');
  const output = h('pre', { id: 'result', role: 'status' });
  const button = h('button', { class: 'main', type: 'submit', id: 'invoke' }, 'Invoke');
  const form = h('form', {}, h('label', { for: 'payload' }, 'Event', input), button);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    output.textContent = 'Running…';
    try {
      const result = await api(`${path}/invoke?logTail=true`, { method: 'POST', raw: input.value });
      output.className = result.outcome === 'ok' ? '' : 'bad';
      output.textContent = `${result.outcome} in ${milliseconds(result.durationMilliseconds)}${result.cold ? ', cold' : ''}\n`
        + (result.detail ? `${result.detail}\n` : '') + (result.payload ?? (result.payloadBase64 ? `base64: ${result.payloadBase64}` : ''));
    } catch (error) {
      output.className = 'bad';
      output.textContent = error.message;
    }
    button.disabled = false;
  });
  return h('section', {}, h('h2', {}, 'Console'), form, h('p', {}), output);
}

function versionsSection(name, path, versions) {
  const rows = versions.map((v) => h('tr', {},
    h('td', {}, String(v.number), ' ', v.current ? badge('serves', 'good') : ''),
    h('td', { class: 'wide' }, h('code', {}, v.contentHash.slice(0, 12))),
    h('td', {}, ago(v.createdAtMilliseconds), v.problem ? h('div', { class: 'bad' }, v.problem) : ''),
    h('td', {}, v.current ? '' : confirmThen(`Roll back`, `Let version ${v.number} of ${name} serve?`, async () => {
      await api(`${path}/rollback`, { method: 'POST', json: { version: v.number } });
      notice(`Version ${v.number} of ${name} serves`, true);
      await route();
    }))));
  return h('section', {}, h('h2', {}, 'Versions'), table(['Version', { text: 'Hash', wide: true }, 'Deployed', ''], rows));
}

function settingsSection(detail) {
  const s = detail.settings;
  const lines = [['Contract', `${detail.contract || '–'}${detail.contractReason ? ` (${detail.contractReason})` : ''}`],
    ['Routes', detail.routes.map((r) => `${(r.methods || ['any']).join(', ')} ${r.path}`).join('; ') || 'none']];
  if (s) {
    lines.push(['Command', s.command.join(' ')], ['Image', s.image || 'built-in base'], ['Memory', bytes(s.memoryBytes)],
      ['Processors', number(s.cpuMillis / 1000)], ['Timeout', milliseconds(s.timeoutMilliseconds)], ['Network', s.network],
      ['Workers', `${s.minWorkers} to ${s.maxWorkers}, ${s.concurrency} at once each`], ['Topics', (s.topics || []).join(', ') || 'none'],
      ['Environment', (s.environmentNames || []).join(', ') || 'none'], ['Secrets', (s.secrets || []).join(', ') || 'none']);
  }
  return h('section', {}, h('h2', {}, 'Configuration'), h('dl', {}, ...lines.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, value)])));
}

function explainSection(explanation) {
  if (!explanation) return '';
  return h('section', {}, h('h2', {}, 'Its container'), h('pre', {}, explanation.command.join(' ')),
    ...explanation.notes.map((note) => h('p', { class: 'quiet' }, note)));
}

// Queues and dead letters

async function showQueues() {
  const [status, dead] = await Promise.all([api('queue'), api('invocations?state=dead&limit=100')]);
  const act = (verb, request, text) => async () => {
    const done = await api(`dead/${verb}`, { method: 'POST', json: { limit: 1000, ...request } });
    notice(`${done.count} ${text}`, true);
    await route();
  };
  const queues = status.functions.map((q) => h('tr', {},
    h('td', {}, q.function), h('td', { class: 'number' }, String(q.ready)), h('td', { class: 'number wide' }, String(q.delayed)),
    h('td', { class: 'number' }, String(q.running)), h('td', { class: `number ${q.dead ? 'bad' : ''}` }, String(q.dead)),
    h('td', { class: 'number wide' }, q.oldestMilliseconds == null ? '–' : ago(q.oldestMilliseconds)),
    h('td', { class: 'row' }, q.dead ? [
      confirmThen('Redrive', `Run the ${q.dead} dead letters of ${q.function} again?`, act('redrive', { function: q.function }, 'run again')),
      confirmThen('Purge', `Remove the ${q.dead} dead letters of ${q.function} for good?`, act('purge', { function: q.function }, 'removed'), 'danger')] : '')));
  const letters = dead.map((e) => h('tr', {},
    h('td', {}, h('code', {}, e.id.slice(0, 8)), ' ', e.function), h('td', { class: 'wide' }, ago(e.acceptedAtMilliseconds)),
    h('td', {}, `${e.attempts} of ${e.maxAttempts}`), h('td', { class: 'bad' }, e.error ? `${e.error.code || ''} ${e.error.detail || e.error.message || ''}` : ''),
    h('td', { class: 'row' },
      confirmThen('Redrive', `Run ${e.id} again?`, act('redrive', { function: e.function, ids: [e.id] }, 'run again')),
      confirmThen('Purge', `Remove ${e.id} for good?`, act('purge', { function: e.function, ids: [e.id] }, 'removed'), 'danger'))));
  const redis = status.redis;
  replace(page, h('h1', {}, 'Queues'),
    h('section', { class: 'scroll' }, h('h2', {}, 'Waiting events ', badge(redis.state || 'unknown', redis.state === 'ready' ? 'good' : 'warn')),
      queues.length ? table(['Function', { text: 'Ready', number: true }, { text: 'Delayed', number: true, wide: true }, { text: 'Running', number: true },
        { text: 'Dead', number: true }, { text: 'Oldest', number: true, wide: true }, ''], queues) : h('p', { class: 'quiet' }, 'No function has taken an event yet.')),
    h('section', { class: 'scroll' }, h('h2', {}, 'Dead letters'),
      letters.length ? table(['Event', { text: 'Accepted', wide: true }, 'Attempts', 'Error', ''], letters, 'dead') : h('p', { class: 'quiet' }, 'There is none.')));
  follow('', { stats: seeStatus });
}

async function showSchedules() {
  const schedules = await api('schedules');
  const rows = schedules.map((s) => h('tr', {},
    h('td', {}, s.name), h('td', {}, h('code', {}, s.spec), ' ', s.timezone),
    h('td', {}, s.nextMilliseconds ? `${moment(s.nextMilliseconds)}, ${ago(s.nextMilliseconds)}` : '–'),
    h('td', { class: 'wide' }, s.lastMilliseconds ? ago(s.lastMilliseconds) : 'never'),
    h('td', { class: 'number wide' }, String(s.fired)),
    h('td', {}, confirmThen('Run now', `Make the event of ${s.name} now?`, async () => {
      await api(`schedules/${encodeURIComponent(s.name)}/run`, { method: 'POST' });
      notice(`${s.name} runs`, true);
    }))));
  replace(page, h('h1', {}, 'Schedules'), h('section', { class: 'scroll' }, rows.length
    ? table(['Schedule', 'When', 'Next', { text: 'Last', wide: true }, { text: 'Fired', number: true, wide: true }, ''], rows)
    : h('p', { class: 'quiet' }, 'No function has a schedule.')));
  follow('', { stats: seeStatus });
}

async function showDoctor() {
  replace(page, h('h1', {}, 'Doctor'), h('section', {}, h('p', { class: 'quiet', role: 'status' }, 'Looking at this machine…')));
  const report = await api('doctor');
  const rows = report.checks.map((c) => h('tr', {},
    h('td', {}, badge(c.severity, { ok: 'good', warn: 'warn', bad: 'bad' }[c.severity] || '')),
    h('td', {}, h('b', {}, c.title), h('div', {}, c.saw), c.severity === 'ok' ? '' : h('div', { class: 'quiet' }, `Good is: ${c.good}. ${c.why}`),
      c.severity !== 'ok' && c.fix ? h('pre', {}, c.fix) : '')));
  replace(page, h('h1', {}, 'Doctor'), h('section', { class: 'scroll' }, table(['', 'Check'], rows, 'doctor')));
  follow('', { stats: seeStatus });
}

document.getElementById('leave').addEventListener('click', async () => { await signOut(); location.hash = '#/'; await route(); });
window.addEventListener('hashchange', async () => { notice(''); await route(); page.focus(); });
await route();
