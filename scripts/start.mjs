// `npm start`: serves the app and says where, in one line.
import { createServer } from 'vite';

const server = await createServer({ logLevel: 'error', clearScreen: false });
await server.listen();
const address = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
console.log(`Spillway is at ${address} (Ctrl-C stops it)`);
