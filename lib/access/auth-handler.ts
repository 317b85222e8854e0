import 'server-only'
import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from './auth-options.ts'

interface RouteContext {
  readonly params: Promise<{ readonly nextauth: string[] }>
}

/** The next-auth functions that Lading uses. Others are left out, such as `_log`, which lets anyone write to the log. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  GET: ['csrf', 'session', 'providers', 'signin', 'callback', 'error'],
  POST: ['signin', 'signout', 'callback'],
}

export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params
  if (!FUNCTIONS[request.method]?.includes(nextauth[0] ?? '')) return new Response('Not found', { status: 404 })
  try {
    return await NextAuth(request, context, authOptions(request.headers))
  } catch {
    // next-auth throws on a malformed Host, body or cookie.
    return new Response('Bad request', { status: 400 })
  }
}
