import { shortDigest } from '../format/digest.ts'
import type { Problem } from './problem.ts'

/** Whether an image can't be pulled because something that it needs is missing or malformed, rather than out of reach. */
export function isDamage({ code }: Problem): boolean {
  return (
    ['registry.not-found', 'registry.missing-content', 'registry.digest-mismatch'].includes(code) ||
    code.startsWith('format.')
  )
}

/** A part of an image that isn't there, in place of a plain "not found". @param part `config`, `manifest for linux/amd64` */
export function missingPart(problem: Problem, part: string, digest: string): Problem {
  if (problem.code !== 'registry.not-found') return problem
  return {
    code: 'registry.missing-content',
    title: `This image is damaged: its ${part} is missing`,
    detail: `${shortDigest(digest)} isn’t in this repository, so pulling this image fails.`,
    advice: 'Check lists everything that’s missing. Push the image again to repair it.',
  }
}
