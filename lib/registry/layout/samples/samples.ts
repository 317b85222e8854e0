import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { hexOf } from '../../../oci/digest.ts'
import { syncFolder } from '../atomic-write.ts'
import { errnoOf, fileError } from '../file-error.ts'
import type { SamplePlatform } from './sample-image.ts'
import { type SampleDescriptor, type SampleLayer, SampleLayout } from './sample-layout.ts'
import { addBase, addChart, addCheckout, addPolicy, addTool, baseLayer } from './sample-others.ts'
import { addStorefront } from './sample-storefront.ts'

/**
 * Makes an OCI layout of small sample images in the folder `path`, all under the namespace `samples` and labelled
 * `dev.lading.sample=true`. The bytes are the same every time. Does nothing when the folder holds anything; it appears
 * whole or not at all. Resolves to whether it was written. Throws `denied` or `unavailable`.
 */
export async function writeSamples(path: string): Promise<boolean> {
  const target = resolve(path)
  if (await exists(join(target, 'oci-layout'))) return false
  const draft = join(dirname(target), `.${basename(target)}-${randomUUID()}`)
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeLayout(makeSamples(), draft)
    await rename(draft, target)
    await syncFolder(dirname(target))
    return true
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another process was quicker, or the folder holds something else: it is not ours to replace.
    if (['ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) return false
    throw fileError(error, 'writing the sample images', target)
  }
}

const BASE = 'samples/platform/base'

function makeSamples(): SampleLayout {
  const layout = new SampleLayout()
  const layers = new Map<string, SampleLayer>()
  const bases = new Map<string, SampleDescriptor>()
  for (const [version, tags] of [
    ['2026.02', []],
    ['2026.05', []],
    ['2026.08', ['latest']],
  ] as const)
    bases.set(version, addBase(layout, BASE, version, tags))
  const labels = (version: string) => ({
    'org.opencontainers.image.base.name': `${BASE}:${version}`,
    'org.opencontainers.image.base.digest': bases.get(version)?.digest ?? '',
  })
  const layer = (version: string, platform: SamplePlatform) => {
    const key = `${version} ${platform.architecture}`
    const made = layers.get(key) ?? baseLayer(layout, version, platform)
    layers.set(key, made)
    return made
  }
  addStorefront(layout, 'samples/web/storefront', { layer, labels })
  addCheckout(layout, 'samples/web/checkout/api', labels)
  addTool(layout, 'samples/platform/tools/ladle')
  addChart(layout, 'samples/charts/storefront')
  addPolicy(layout, 'samples/policies')
  return layout
}

async function writeLayout(layout: SampleLayout, folder: string): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  await Promise.all([...layout.blobs].map(([digest, bytes]) => writeFile(join(blobs, hexOf(digest)), bytes)))
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: layout.entries }), {
    flush: true,
  })
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }), { flush: true })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
