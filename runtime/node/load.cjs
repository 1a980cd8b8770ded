"use strict";

const fs = require("node:fs");
const module_ = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { fault } = require("./errors.cjs");

/** The function that `file.function` or `dir/file.function` names, of a CommonJS or an ES module. */
async function load(root, handler) {
  const slash = handler.lastIndexOf("/");
  const directory = handler.slice(0, slash + 1);
  const match = /^([^.]+)\.(.+)$/.exec(handler.slice(slash + 1));
  if (handler.includes("..") || !match) {
    throw fault("Runtime.MalformedHandlerName", `'${handler}' is not a valid handler: it must be FILE.FUNCTION`);
  }
  const [, file, name] = match;
  setModulePaths(root);
  const exported = await loadModule(root, path.resolve(root, directory, file), `${directory}${file}`);
  const found = find(exported, name) ?? find(exported?.default, name);
  if (found === undefined) throw fault("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw fault("Runtime.HandlerNotFound", `${handler} is not a function`);
  return found;
}

function find(object, name) {
  return name.split(".").reduce((value, key) => value?.[key], object);
}

async function loadModule(root, base, name) {
  const found = resolve(root, base, name);
  if (!found) throw fault("Runtime.ImportModuleError", `Error: Cannot find module '${name}'`);
  try {
    if (isESModule(found)) return await import(pathToFileURL(found).href);
    return module_.createRequire(path.join(root, "/"))(found);
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed("Runtime.UserCodeSyntaxError", error);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw renamed("Runtime.ImportModuleError", error);
    }
    throw error;
  }
}

/** The message keeps the error's own name, as Lambda writes it. */
function renamed(type, error) {
  const made = fault(type, `${error.name}: ${error.message}`);
  made.stack = `${type}: ${error.stack}`;
  return made;
}

function resolve(root, base, name) {
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    if (fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile()) return base + extension;
  }
  try {
    return module_.createRequire(path.join(root, "/")).resolve(name);
  } catch {
    return null;
  }
}

/** A `.js` file is what the nearest package.json says. */
function isESModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(directory, "package.json"), "utf8")).type === "module";
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return false;
    }
    if (directory === path.dirname(directory)) return false;
  }
}

/** Modules of layers; the later layer wins, as it does when Lambda unpacks one over the other. */
function setModulePaths(root) {
  const layers = path.join(root, "layers");
  let names = [];
  try {
    names = fs.readdirSync(layers).sort().reverse();
  } catch {
    // There are none.
  }
  const places = [...names.map((name) => path.join(layers, name)), "/opt"]
    .flatMap((base) => [`nodejs/node${process.versions.node.split(".")[0]}/node_modules`, "nodejs/node_modules"]
      .map((place) => path.join(base, place)))
    .filter((place) => fs.existsSync(place));
  if (places.length === 0) return;
  const given = process.env.NODE_PATH;
  process.env.NODE_PATH = (given ? [given, ...places] : places).join(":");
  module_.Module._initPaths();
}

module.exports = { load };
