"""The commands: one file each, edges around the pure `trunkline.config`."""
