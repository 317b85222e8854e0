import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

/** Debian package → the program that the tests start. */
const PACKAGES: Readonly<Record<string, string>> = {
  'docker-registry': '/usr/bin/docker-registry',
  skopeo: '/usr/bin/skopeo',
  umoci: '/usr/bin/umoci',
  podman: '/usr/bin/podman',
  'chromium-headless-shell': '/usr/bin/chromium-headless-shell',
  'firefox-esr': '/usr/bin/firefox-esr',
  openssl: '/usr/bin/openssl',
  curl: '/usr/bin/curl',
  postgresql: '/usr/lib/postgresql/15/bin/postgres',
  nginx: '/usr/sbin/nginx',
}

/** Installs what is missing when it may, else says what to install. False: the tests cannot run. */
export async function ensurePackages(): Promise<boolean> {
  const missing = missingPackages()
  if (missing.length === 0) return true
  if (process.getuid?.() !== 0) {
    console.error(`The tests need Debian packages that are missing. Install them and run this again:`)
    console.error(`  sudo apt-get install --no-install-recommends ${missing.join(' ')}`)
    return false
  }
  console.log(`Installing ${missing.join(', ')}`)
  apt('update', '-q')
  apt('install', '-q', '-y', '--no-install-recommends', ...missing)
  const still = missingPackages()
  if (still.length > 0) console.error(`apt-get could not install ${still.join(', ')}: the tests cannot run without`)
  return still.length === 0
}

function missingPackages(): string[] {
  return Object.keys(PACKAGES).filter((name) => !isProgram(PACKAGES[name] ?? ''))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function apt(...args: string[]): void {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
