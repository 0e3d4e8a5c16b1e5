package paper

// colour is red, green and blue, a byte each.
type colour uint32

// The colours of the pages, but for the paper, which is lighter: a printer's
// raster would dull it.
const (
	warm  colour = 0xfdfbf6
	ink   colour = 0x24211c
	quiet colour = 0x655e53
	hair  colour = 0xddd3c3
	teal  colour = 0x0b5d5e
	coral colour = 0xf2907a
	cream colour = 0xfbf7f0
	alarm colour = 0xa83220
	grey  colour = 0x706a5f
)

func (c colour) rgb() (r, g, b int) {
	return int(c >> 16 & 0xff), int(c >> 8 & 0xff), int(c & 0xff)
}
