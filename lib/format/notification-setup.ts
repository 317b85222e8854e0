/** How to configure a product to report pushes. */
export interface NotificationSetup {
  readonly product: string
  /** Where it goes: a file, or a page of the product. */
  readonly where: string
  readonly text: string
}

/**
 * For each product that Lading understands, what to copy.
 * @param url `https://lading.example.com/api/events/hub`
 * @param secret the value of EVENTS_SECRET, or a word that stands for it
 */
export function notificationSetups(url: string, secret: string): readonly NotificationSetup[] {
  return [
    {
      product: 'Distribution',
      where: 'Add this to its config.yml, then restart it.',
      text: `notifications:
  endpoints:
    - name: lading
      url: ${url}
      headers:
        Authorization: ["Bearer ${secret}"]
      timeout: 2s
      threshold: 3
      backoff: 10s`,
    },
    {
      product: 'zot',
      where: 'Add this to its config.json, then restart it.',
      text: JSON.stringify(
        {
          extensions: {
            events: {
              enable: true,
              sinks: [
                {
                  type: 'http',
                  address: url,
                  timeout: '2s',
                  credentials: { username: 'lading', password: secret },
                },
              ],
            },
          },
        },
        null,
        2,
      ),
    },
    {
      product: 'Harbor',
      where: 'For each project under Webhooks, with the events Artifact pushed and Artifact deleted.',
      text: `Notify type: http\nEndpoint URL: ${url}\nAuth header: Bearer ${secret}`,
    },
    {
      product: 'Quay',
      where: 'For each repository under Settings, Events and notifications: Push to repository, Webhook POST.',
      text: withPassword(url, secret),
    },
  ]
}

/** Quay can't send custom headers: the secret is in the URL. */
function withPassword(url: string, secret: string): string {
  return url.replace('://', `://lading:${encodeURIComponent(secret)}@`)
}
