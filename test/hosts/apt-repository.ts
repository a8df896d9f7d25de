/** A repository of packages in a folder of a host, signed by a key made there: a stand-in for a vendor's. */
export const VENDOR = {
  folder: '/srv/repo',
  key: '/srv/repo/vendor.asc',
  line: 'deb file:/srv/repo stable main',
} as const

/** The shell line that makes it; `packages` is one that brings packages into the folder, which is where it is run. */
export function makingRepository(packages: string): string {
  const release = ['Suite=stable', 'Components=main'].map((each) => `-o APT::FTPArchive::Release::${each}`).join(' ')
  return [
    'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends apt-utils gpg gpg-agent',
    `mkdir -p ${VENDOR.folder}/dists/stable/main/binary-amd64 && cd ${VENDOR.folder}`,
    packages,
    'apt-ftparchive packages . > dists/stable/main/binary-amd64/Packages',
    `apt-ftparchive ${release} release dists/stable > /root/Release`,
    'mv /root/Release dists/stable/Release',
    'export GNUPGHOME=/root/gpg && mkdir -m 700 -p $GNUPGHOME',
    "gpg --batch --quiet --passphrase '' --quick-generate-key vendor default default never",
    'gpg --batch --yes --clearsign -o dists/stable/InRelease dists/stable/Release',
    `gpg --batch --armor --export vendor > ${VENDOR.key}`,
  ].join(' && ')
}
