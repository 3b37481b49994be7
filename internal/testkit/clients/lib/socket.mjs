// Bare sockets, for what no client library would send.
import { get } from 'node:http';
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { server } from './server.mjs';

// The code with which the server closes a socket that sends these messages.
export function closeCode(messages) {
  const socket = new WebSocket(server.socket, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.on('open', () => messages.forEach((message) => socket.send(encoded(message))));
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

const encoded = (message) => (typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));

// The code with which the server closes a socket right after a handshake for this subprotocol. A library would give such
// a handshake up before the close frame.
export function handshakeCode(subprotocol) {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': 13,
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...(subprotocol && { 'Sec-WebSocket-Protocol': subprotocol }),
  };
  return new Promise((resolve, reject) => {
    const request = get(server.url, { headers });
    request.on('error', reject);
    request.on('response', ({ statusCode }) => reject(new Error(`the handshake is answered ${statusCode}`)));
    request.on('upgrade', (response, socket, head) => {
      if (head.length) socket.unshift(head);
      socket.once('data', (frame) => {
        resolve(frame[0] === closeFrame ? frame.readUInt16BE(2) : `a frame ${frame[0].toString(16)}`);
        socket.destroy();
      });
    });
  });
}

const closeFrame = 0x88; // the last frame of a close message
