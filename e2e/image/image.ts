import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../lib/testing/servers/free-port.ts'

/**
 * `npm run test:image`, as root on Debian: writes Lading's own image, unpacks it with umoci and runs it from its own
 * root file system, mounted read-only, as its own user. With `dockerfile` as argument it also builds the Dockerfile
 * with buildah on bases that debootstrap made, and runs that; this takes minutes and Debian's mirror.
 */
const ROOT = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)
const NODE = '/usr/local/bin/node'
const MAX_UNPACKED_MB = 200

await using folder = await temporaryFolder()
await checkOwnImage()
if (process.argv[2] === 'dockerfile') await checkDockerfile()

async function checkOwnImage(): Promise<void> {
  const layout = join(folder.path, 'layout')
  const { stdout } = await run(process.execPath, [join(ROOT, 'lib', 'start', 'image.ts'), layout], { cwd: ROOT })
  console.log(stdout.trim())
  await run('skopeo', ['copy', '--quiet', `oci:${layout}:lading:latest`, `oci:${folder.path}/single:latest`])
  const rootfs = join(folder.path, 'own')
  await run('umoci', ['raw', 'unpack', '--image', `${folder.path}/single:latest`, rootfs])
  await checkRuns(rootfs)
}

async function checkDockerfile(): Promise<void> {
  const buildah = (...args: string[]) => run('buildah', args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  // The build base needs npm, which debootstrap itself cannot configure.
  const bases = { 'lading-run-base': [], 'lading-build-base': ['npm'] }
  const base = join(folder.path, 'base')
  const packages = '--include=ca-certificates,libstdc++6'
  await run('debootstrap', ['--variant=minbase', packages, 'bookworm', base], { maxBuffer: 64e6 })
  for (const [name, more] of Object.entries(bases)) {
    const container = (await buildah('from', 'scratch')).stdout.trim()
    await buildah('add', '--quiet', container, base, '/')
    const install = `apt-get update -q && apt-get install -qy --no-install-recommends ${more.join(' ')}`
    if (more.length > 0) await buildah('run', '--isolation', 'chroot', container, 'sh', '-c', install)
    await buildah('commit', '--quiet', '--rm', container, name)
  }
  const args = ['BUILD_BASE=localhost/lading-build-base', 'RUN_BASE=localhost/lading-run-base']
  await buildah('build', '--isolation', 'chroot', ...args.flatMap((arg) => ['--build-arg', arg]), '-t', 'lading', '.')
  const container = (await buildah('from', 'localhost/lading')).stdout.trim()
  try {
    await checkRuns((await buildah('mount', container)).stdout.trim())
  } finally {
    await buildah('rm', container)
  }
}

/** Starts the image as an engine would with a read-only root file system, and asks it how it is. */
async function checkRuns(rootfs: string): Promise<void> {
  const { stdout: size } = await run('du', ['-sm', rootfs])
  const megabytes = Number.parseInt(size, 10)
  console.log(`unpacked: ${megabytes} MB`)
  const port = await freePort()
  const script = [
    'set -e',
    'mount --bind "$0" "$0"',
    'mount -o remount,bind,ro "$0"',
    'mount -t tmpfs -o mode=0700,uid=65532,gid=65532 tmpfs "$0/data"',
    'mount -t tmpfs tmpfs "$0/tmp"',
    'exec chroot --userspec=65532:65532 "$0" /usr/local/bin/node -e \'process.chdir("/app"); import("/app/lading.mjs")\'',
  ].join('\n')
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: '/data',
    PATH: process.env.PATH,
  }
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, rootfs], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  try {
    const ready = await untilReady(
      `http://127.0.0.1:${port}/readyz`,
      () => child.exitCode !== null,
      () => output,
    )
    console.log(`ready: ${ready}`)
    const page = await fetch(`http://127.0.0.1:${port}/r/local`)
    const asset = /\/_next\/static\/[^"]+\.css/.exec(await page.text())?.[0]
    if (page.status !== 200 || !asset) throw new Error(`the page is not whole: ${page.status}\n${output}`)
    if ((await fetch(`http://127.0.0.1:${port}${asset}`)).status !== 200) throw new Error('its style sheet is missing')
    if (!/as admin with the password in \/data\/admin-password/.test(output))
      throw new Error(`nothing says where the password is:\n${output}`)
    const health = ['--userspec=65532:65532', rootfs, NODE, '/app/healthcheck.mjs']
    await run('chroot', health, { env: { ...env, PATH: process.env.PATH } })
    const verify = ['--userspec=65532:65532', rootfs, NODE, '/app/lading.mjs', 'audit:verify']
    console.log((await run('chroot', verify, { env: { ...env, DATA_DIR: '/tmp/data' } })).stdout.trim())
  } finally {
    child.kill('SIGTERM')
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  console.log(`ended by SIGTERM with ${code}`)
  if (megabytes > MAX_UNPACKED_MB) throw new Error(`the image takes ${megabytes} MB, more than ${MAX_UNPACKED_MB}`)
}

async function untilReady(url: string, hasEnded: () => boolean, output: () => string): Promise<string> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer) return answer.text()
    if (hasEnded() || Date.now() > deadline) throw new Error(`it does not answer:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'lading-image-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
