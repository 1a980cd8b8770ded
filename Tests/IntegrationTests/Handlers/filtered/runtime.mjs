#!/usr/bin/node
// The same for Node, which may use io_uring for files.
import { execFileSync } from "node:child_process";
import { createHash, pbkdf2Sync } from "node:crypto";
import dns from "node:dns/promises";
import fs from "node:fs/promises";
import http from "node:http";
import { Worker } from "node:worker_threads";

const server = http.createServer((request, response) => response.end("echo")).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const text = await new Promise((resolve, reject) => {
  http.get({ port: server.address().port, host: "127.0.0.1" }, (response) => {
    let body = "";
    response.on("data", (part) => (body += part)).on("end", () => resolve(body));
  }).on("error", reject);
});
server.close();
if (text !== "echo") throw new Error(text);
await dns.lookup("localhost");
await Promise.all([1, 2, 3, 4].map((n) => fs.writeFile(`/tmp/${n}`, "x".repeat(100000))));
if ((await fs.readFile("/tmp/4")).length !== 100000) throw new Error("file");
await new Promise((resolve) => new Worker("process.exit(0)", { eval: true }).once("exit", resolve));
pbkdf2Sync("a", "b", 1, 8, "sha256");
createHash("sha256").update("x").digest();
if (execFileSync("echo", ["child"]).toString() !== "child\n") throw new Error("child");
console.log("ok");
