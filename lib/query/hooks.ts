import {
  QueryClient,
  type UseMutationOptions,
  useMutation as useMutationOf,
  useQueries as useQueriesOf,
  useQuery as useQueryOf,
} from '@tanstack/react-query'

let browsers: QueryClient | undefined

/**
 * The hooks of react-query with the browser's one client. Without a provider around every page, its code is part of
 * those only that have a query. A server renders for many people, so there each hook has a client of its own.
 */
export function useQueryClient(): QueryClient {
  if (typeof window === 'undefined') return newClient()
  browsers ??= newClient()
  return browsers
}

// Casts keep the overloads, which TypeScript cannot pass through a function.
export const useQuery = ((options: Parameters<typeof useQueryOf>[0]) =>
  useQueryOf(options, useQueryClient())) as typeof useQueryOf

export const useQueries = ((options: Parameters<typeof useQueriesOf>[0]) =>
  useQueriesOf(options, useQueryClient())) as typeof useQueriesOf

export function useMutation<Data, Variables, Result>(options: UseMutationOptions<Data, Error, Variables, Result>) {
  return useMutationOf(options, useQueryClient())
}

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 10_000 } },
  })
}
