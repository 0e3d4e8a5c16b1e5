package site

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// openAPIDocument says in OpenAPI 3.1 what the API answers to what.
//
//go:embed openapi.json
var openAPIDocument []byte

const documentPath = apiPath + "/openapi.json"

// describe answers with the document. It is the same for everybody.
func (s *Site) describe(c *fiber.Ctx) error {
	given, err := queryOf(c)
	if err != nil {
		return err
	}
	_, err = given.only(nil)
	if err != nil {
		return err
	}
	return sendTagged(c, openAPIDocument)
}
