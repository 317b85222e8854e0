import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { config } from '../../config/config.ts'
import { isSecure, sessionCookie } from '../sign-in/auth-options.ts'
import { noteSeen } from './session-rows.ts'
import { cookieAge, decodeSession, encodeSession, renewedSession, validSession } from './session-token.ts'

/** Renews the session cookie on a page's response: pages themselves can't set cookies. Decides nothing. */
export async function renewSession(request: NextRequest, response: NextResponse): Promise<void> {
  const secret = process.env.NEXTAUTH_SECRET
  const { name, options } = sessionCookie(isSecure(request.headers), config().basePath)
  const cookie = request.cookies.get(name)?.value
  if (!secret || !cookie) return
  const valid = await validSession(config(), await decodeSession(cookie, secret))
  const renewed = valid && renewedSession(valid)
  if (!renewed) return
  await noteSeen(renewed.id, renewed.seen)
  const value = await encodeSession(renewed, secret, config())
  response.cookies.set(name, value, { ...options, maxAge: cookieAge(config(), renewed) })
}
