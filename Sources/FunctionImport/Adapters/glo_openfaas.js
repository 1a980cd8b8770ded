// Written by glo import: runs a handler of OpenFaaS's Node templates under Glo's loader.
// The handler's directory is 'function', as in the templates. What it gets and gives back has the face of Express's.
'use strict';

const handler = require('./function/handler');

const TEMPLATE = '@TEMPLATE@'; // express or classic

const isPlain = (value) => !!value && (value.constructor === Object || value.constructor === Array);

/** The request of an event; one that came another way than by HTTP is a POST of its event. */
function requestOf(event) {
  const http = event && event.requestContext && event.requestContext.http;
  if (!http) {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    return {
      bytes: Buffer.from(text === undefined ? '' : text),
      headers: { 'content-type': 'application/json' },
      method: 'POST', path: '/', query: {},
    };
  }
  const headers = { ...event.headers };
  if (!headers['content-type']) headers['content-type'] = 'text/plain';
  return {
    bytes: Buffer.from(event.body || '', event.isBase64Encoded ? 'base64' : 'utf8'),
    headers, method: http.method, path: http.path, query: formOf(event.rawQueryString || ''),
  };
}

const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/** a=1&b[]=2&c[d]=3 as objects and lists. */
function formOf(text) {
  const form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [name.replace(/\[.*$/s, ''), ...[...name.matchAll(/\[([^\]]*)\]/g)].map((found) => found[1])];
    if (keys.length > 6 || keys.some((key) => unsafe.has(key))) continue;
    let place = form;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] === '' && index > 0 ? String(Object.keys(place).length) : keys[index];
      if (index < keys.length - 1) {
        const next = keys[index + 1] === '' ? [] : {};
        if (!Object.hasOwn(place, key) || typeof place[key] !== 'object') place[key] = next;
        place = place[key];
      } else if (Object.hasOwn(place, key)) {
        place[key] = [].concat(place[key], value);
      } else {
        place[key] = value;
      }
    }
  }
  return form;
}

class BadBody extends Error {}

/** What body-parser makes of a body, by its type. */
function bodyOf(request) {
  if (process.env.RAW_BODY === 'true') return request.bytes;
  if (request.bytes.length === 0) return {};
  const type = request.headers['content-type'].split(';')[0].trim().toLowerCase();
  if (type.startsWith('text/')) return request.bytes.toString();
  if (type === 'application/x-www-form-urlencoded') return formOf(request.bytes.toString());
  if (type !== 'application/json') return {};
  try {
    return JSON.parse(request.bytes.toString());
  } catch (error) {
    throw new BadBody(error.message);
  }
}

class Context {
  constructor(callback) {
    this.statusCode = 200;
    this.headerValues = {};
    this.cbCalled = 0;
    this.cb = callback;
  }

  status(code) {
    if (!code) return this.statusCode;
    this.statusCode = code;
    return this;
  }

  headers(fields) {
    if (!fields) return this.headerValues;
    this.headerValues = fields;
    return this;
  }

  succeed(value) {
    this.cbCalled += 1;
    this.cb(undefined, value);
  }

  fail(value) {
    if (this.statusCode === 200) this.status(500);
    this.cbCalled += 1;
    this.cb(value);
  }
}

/** What Express sends for a status, fields and a value. */
function answer(status, fields, value) {
  const headers = {};
  for (const [name, field] of Object.entries(fields || {})) {
    headers[name.toLowerCase()] = (Array.isArray(field) ? field : [field]).map(String);
  }
  let kind = 'text/html; charset=utf-8';
  let body = value;
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) {
    kind = 'application/octet-stream';
  } else if (isPlain(value)) {
    body = JSON.stringify(value);
  } else if (value === undefined || value === null) {
    body = '';
  } else if (typeof value !== 'string') {
    kind = 'application/json; charset=utf-8';
    body = JSON.stringify(value);
  }
  const type = headers['content-type'];
  if (!type) {
    headers['content-type'] = [kind];
  } else if (/^(text\/|application\/(javascript|json)$)/.test(type[0]) && !/charset/i.test(type[0])) {
    headers['content-type'] = [`${type[0]}; charset=utf-8`];
  }
  if (typeof body === 'string') return { statusCode: status, multiValueHeaders: headers, body };
  return {
    statusCode: status, multiValueHeaders: headers,
    body: Buffer.from(body).toString('base64'), isBase64Encoded: true,
  };
}

const textOf = (error) => (error && error.toString ? error.toString() : String(error));

function express(request) {
  return new Promise((resolve) => {
    const callback = (error, value) => {
      if (error) {
        console.error(error);
        const status = context.status() === 200 ? 500 : context.status();
        return resolve(answer(status, {}, textOf(error)));
      }
      return resolve(answer(context.status(), context.headers(), value));
    };
    const context = new Context(callback);
    const event = {
      body: bodyOf(request), headers: request.headers, method: request.method, query: request.query,
      path: request.path,
    };
    new Promise((done) => { done(handler(event, context, callback)); })
      .then((value) => { if (!context.cbCalled) context.succeed(value); })
      .catch(callback);
  });
}

/** Text in, text out: module.exports = (text, callback). */
function classic(request) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => {
      if (error) return reject(error instanceof Error ? error : new Error(textOf(error)));
      const type = process.env.content_type || request.headers['content-type'] || 'text/plain; charset=utf-8';
      const text = isPlain(value) ? `${JSON.stringify(value)}\n` : value;
      return resolve(answer(200, { 'content-type': type }, text || ''));
    };
    const result = handler(request.bytes.toString(), callback);
    if (result && typeof result.then === 'function') {
      result.then((value) => callback(undefined, value), callback);
    } else if (handler.length < 2) {
      callback(undefined, undefined);
    }
  });
}

exports.handle = async (event) => {
  const request = requestOf(event);
  try {
    return await (TEMPLATE === 'classic' ? classic(request) : express(request));
  } catch (error) {
    if (error instanceof BadBody) return answer(400, {}, error.message);
    throw error;
  }
};
