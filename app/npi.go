package app

// npiPrefix stands before every NPI when its check digit is made: 80 for health,
// 840 for the United States. See the Centers for Medicare & Medicaid Services,
// "Requirements for National Provider Identifier (NPI) and NPI Check Digit".
const npiPrefix = "80840"

// ValidNPI says whether a text is ten digits of which the last is the check
// digit of a National Provider Identifier. It does not say whether the NPI was
// ever given to anybody.
func ValidNPI(s string) bool {
	if len(s) != 10 {
		return false
	}
	digits := npiPrefix + s
	sum := 0
	for i := range len(digits) {
		d := int(digits[i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if (len(digits)-i)%2 == 0 { // every second one, counted from the right
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
