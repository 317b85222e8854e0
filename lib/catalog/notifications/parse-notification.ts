import { MOST_NOTICES, type Notice } from './notice.ts'
import { readCloudEvent } from './read-cloud-event.ts'
import { readAzure, readDistribution } from './read-distribution.ts'
import { readGitHub } from './read-github.ts'
import { readHarbor } from './read-harbor.ts'
import { readDockerHub, readEcr, readQuay } from './read-hosted.ts'
import { readArtifactory, readNexus } from './read-repository-manager.ts'

const READERS = [
  readDistribution,
  readAzure,
  readHarbor,
  readQuay,
  readDockerHub,
  readEcr,
  readGitHub,
  readNexus,
  readArtifactory,
  readCloudEvent,
]

/**
 * Reads what registries send, each in its own format. Events about pulls, scans and anything but images, and names that
 * aren't valid, are left out.
 * @param type of a CloudEvent whose attributes are in headers: `ce-type`
 * @returns undefined for a document of another kind
 */
export function parseNotification(document: unknown, type?: string): readonly Notice[] | undefined {
  const events = Array.isArray(document) ? document : [document]
  const parsed = events.slice(0, MOST_NOTICES).map((event) => parseEvent(event, type))
  if (parsed.some((notices) => notices === undefined)) return undefined
  return parsed.flatMap((notices) => notices ?? []).slice(0, MOST_NOTICES)
}

function parseEvent(event: unknown, type: string | undefined): readonly Notice[] | undefined {
  for (const read of READERS) {
    const notices = read(event, type)
    if (notices) return notices
  }
  return undefined
}
