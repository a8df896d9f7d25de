/** The lab's name, and the cluster's hosts in the order in which they boot. */
export const LAB = 'cluster'

export const MASTER = 'master'

export const HOSTS = [MASTER, 'db-server', 'job-queue', 'tracker', 'worker-1', 'worker-2'] as const
