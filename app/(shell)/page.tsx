import type { Metadata } from 'next'
import { NoRegistries } from '@/components/registry/no-registries'
import { RegistryCard } from '@/components/registry/registry-card'
import { readRegistries } from '@/lib/data/read-repositories'
import { visitor } from '@/lib/data/visitor'
import { homeHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Registries · Lading' }

export default async function HomePage() {
  const registries = await readRegistries(await visitor(homeHref))
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Registries</h1>
      {registries.length === 0 ? (
        <NoRegistries />
      ) : (
        <div className="space-y-6">
          {registries.map((registry) => (
            <RegistryCard key={registry.name} registry={registry} />
          ))}
        </div>
      )}
    </>
  )
}
