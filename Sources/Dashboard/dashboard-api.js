// The admin API, through the session's cookie. Each request carries the session's word besides: browsers send the cookie to
// every port of this host, so to functions too, and the word to none.

const kept = 'glo-session-word';

/** Whether somebody is signed in, and the word that requests carry. */
export const session = { active: false, word: '' };

/** Browsers keep this apart for each port; all windows of this page share it. */
function keep(word) {
  session.word = word;
  session.active = word !== '';
  try {
    if (word) localStorage.setItem(kept, word);
    else localStorage.removeItem(kept);
  } catch { /* A browser that keeps nothing asks for the token again. */ }
}

function recall() {
  try { return localStorage.getItem(kept) || ''; } catch { return ''; }
}

export class ProblemError extends Error {
  constructor(status, problem) {
    super([problem.detail || problem.title || `status ${status}`, problem.hint].filter(Boolean).join(' '));
    this.status = status;
    this.code = problem.code;
  }
}

async function problem(response) {
  const document = await response.json().catch(() => ({}));
  return new ProblemError(response.status, document);
}

/** Asks the admin API; answers its JSON. */
export async function api(path, { method = 'GET', json, raw } = {}) {
  const headers = { 'X-Glo-Session': session.word };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(`/v1/${path}`, { method, headers, body: json !== undefined ? JSON.stringify(json) : raw, credentials: 'same-origin' });
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** Finds out whether the browser still has a session. */
export async function resume() {
  const word = recall();
  if (!word) return;
  const response = await fetch('/ui/session', { headers: { 'X-Glo-Session': word }, credentials: 'same-origin' });
  keep(response.ok ? word : '');
}

export async function signIn(token) {
  const response = await fetch('/ui/session', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }), credentials: 'same-origin' });
  if (!response.ok) throw await problem(response);
  keep((await response.json()).word);
}

export async function signOut() {
  await fetch('/ui/session', { method: 'DELETE', headers: { 'X-Glo-Session': session.word }, credentials: 'same-origin' });
  keep('');
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Hands the messages of a stream of server-sent events to their handlers; `text` is what has not been a whole one yet. */
function dispatch(text, handlers) {
  const messages = text.split('\n\n');
  const rest = messages.pop();
  for (const message of messages) {
    let name = 'message';
    const data = [];
    for (const line of message.split('\n')) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    }
    if (data.length && handlers[name]) handlers[name](JSON.parse(data.join('\n')));
  }
  return rest;
}

async function readStream(path, handlers, signal) {
  const headers = { 'X-Glo-Session': session.word, Accept: 'text/event-stream' };
  const response = await fetch(path, { headers, signal, credentials: 'same-origin', cache: 'no-store' });
  if (!response.ok) throw await problem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    text = dispatch(text + value.replaceAll('\r', ''), handlers);
  }
}

/** Server-sent events; `handlers` by their names. It connects again by itself until it is closed or nobody is signed in. */
export function stream(query, handlers) {
  const closing = new AbortController();
  const path = `/v1/events/stream${query ? `?${query}` : ''}`;
  (async () => {
    while (!closing.signal.aborted) {
      try {
        await readStream(path, handlers, closing.signal);
      } catch (error) {
        if (error.status === 401 || error.status === 403) return;
      }
      await pause(2000);
    }
  })();
  return { close: () => closing.abort() };
}

await resume();
