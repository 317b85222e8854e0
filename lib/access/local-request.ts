/**
 * Whether a request plainly comes from this machine and asks for it by such a name. A page elsewhere can make its own
 * name point at 127.0.0.1 and read what a browser gets there, and a proxy can pass the world on to it: what loopback
 * allows without signing in is not for them.
 */
export function isLocalRequest(headers: Headers): boolean {
  const host = headers.get('host')
  const names = [host, headers.get('x-forwarded-host') ?? host]
  const addresses = (headers.get('x-forwarded-for') ?? '127.0.0.1').split(',')
  return (
    names.every((name) => name !== null && LOCAL_HOST.test(name)) &&
    addresses.every((one) => LOCAL_ADDRESS.test(one.trim()))
  )
}

const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i
const LOCAL_ADDRESS = /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/i
