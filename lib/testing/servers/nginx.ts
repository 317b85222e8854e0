import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAnswers } from './answers.ts'
import { startChild } from './child-process.ts'
import { freePort } from './free-port.ts'

export interface Nginx extends AsyncDisposable {
  /** `http://127.0.0.1:41234`, no slash at the end. */
  readonly url: string
  readonly port: number
}

interface NginxOptions {
  /** What stands beside its only server. */
  readonly http?: string
  /** Default: a free one. */
  readonly port?: number
}

/** Debian's nginx. @param location what stands in its only `location /` block */
export async function startNginx(location: string, { http = '', port: wanted }: NginxOptions = {}): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-nginx-'))
  const port = wanted ?? (await freePort())
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const settings = `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${paths.join('\n  ')}
  ${http}
  server {
    listen 127.0.0.1:${port};
    location / { ${location} }
  }
}`
  await writeFile(join(folder, 'nginx.conf'), settings)
  const child = startChild('/usr/sbin/nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')])
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await child.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilAnswers(url, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, port, [Symbol.asyncDispose]: stop }
}
