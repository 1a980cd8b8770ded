// The admin API, through the session's cookie. What changes something carries the session's word against forgery.

/** Whether somebody is signed in, and the word that requests which change something carry. */
export const session = { active: false, word: '' };

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
  const headers = {};
  if (method !== 'GET') headers['X-Glo-Session'] = session.word;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(`/v1/${path}`, { method, headers, body: json !== undefined ? JSON.stringify(json) : raw, credentials: 'same-origin' });
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** Finds out whether the browser still has a session. */
export async function resume() {
  const response = await fetch('/ui/session', { credentials: 'same-origin' });
  if (!response.ok) return;
  session.word = (await response.json()).word;
  session.active = true;
}

export async function signIn(token) {
  const response = await fetch('/ui/session', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }), credentials: 'same-origin' });
  if (!response.ok) throw await problem(response);
  session.word = (await response.json()).word;
  session.active = true;
}

export async function signOut() {
  await fetch('/ui/session', { method: 'DELETE', headers: { 'X-Glo-Session': session.word }, credentials: 'same-origin' });
  session.active = false;
  session.word = '';
}

/** Server-sent events; `handlers` by their names. The browser connects again by itself. */
export function stream(query, handlers) {
  const source = new EventSource(`/v1/events/stream${query ? `?${query}` : ''}`, { withCredentials: true });
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  return source;
}

await resume();
