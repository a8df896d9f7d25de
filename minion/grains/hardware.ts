import { known, textOf } from './family.ts'

/** What the firmware says about the machine; some of it only root may read. */
export function hardware() {
  return known({
    manufacturer: dmi('sys_vendor'),
    productname: dmi('product_name'),
    serialnumber: dmi('product_serial'),
    uuid: dmi('product_uuid')?.toLowerCase(),
    biosversion: dmi('bios_version'),
    biosreleasedate: dmi('bios_date'),
    boardname: dmi('board_name'),
  })
}

function dmi(name: string): string | undefined {
  return textOf(`/sys/class/dmi/id/${name}`)
}
