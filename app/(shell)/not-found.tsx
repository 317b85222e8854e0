import { PackageX } from 'lucide-react'
import { NearbyPlaces, NearTags, SoughtPlace } from '@/components/registry/sought-place'
import { Empty } from '@/components/ui/empty'

export default function NotFound() {
  return (
    <>
      <SoughtPlace />
      <Empty icon={PackageX} title="Not found, or you don’t have access">
        It may have been deleted or renamed, or the address may be mistyped. Lading responds the same way to pages that
        don’t exist and pages you can’t access.
        <NearTags />
        <NearbyPlaces />
      </Empty>
    </>
  )
}
