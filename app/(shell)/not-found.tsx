import { PackageX } from 'lucide-react'
import { NearTags } from '@/components/registry/near-tags'
import { NearbyPlaces, SoughtPlace } from '@/components/registry/sought-place'
import { Empty } from '@/components/ui/empty'

export default function NotFound() {
  return (
    <>
      <SoughtPlace />
      <Empty icon={PackageX} title="Not found, or you don’t have access">
        It may have been deleted or renamed, or the address may be mistyped. Lading responds in the same way to what
        doesn’t exist and to what you can’t access.
        <NearTags />
        <NearbyPlaces />
      </Empty>
    </>
  )
}
