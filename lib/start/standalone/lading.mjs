// Starts the standalone build: `node lading.mjs`. Plain JavaScript, so that an old Node gets as far as the message.
const [major] = process.versions.node.split('.')
if (Number(major) < 24) {
  console.error(`Lading cannot start. It needs Node 24 or later, and this is Node ${process.versions.node}.`)
  process.exit(1)
}
// Next listens on HOSTNAME, which container engines set to the container's name.
process.env.HOSTNAME = process.env.HOST?.trim() || '127.0.0.1'
process.env.PORT = process.env.PORT?.trim() || '3000'
await import('./server.js')
