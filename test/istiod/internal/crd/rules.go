package crd

import (
	"fmt"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/parser"
)

// ParseRule gives the syntax tree of a CEL rule, by the parser of the API server, as nested lists for JSON:
//
//	["value", v], ["name", n], ["field", operand, name], ["has", operand, name], ["list", items...],
//	["call", function, arguments...], ["method", function, target, arguments...]
//
// Macros other than has stay calls: whoever evaluates the tree knows what all and exists_one bind.
func ParseRule(rule string) (any, error) {
	p, err := parser.NewParser(parser.Macros(parser.HasMacro))
	if err != nil {
		return nil, err
	}
	parsed, issues := p.Parse(common.NewTextSource(rule))
	if len(issues.GetErrors()) > 0 {
		return nil, fmt.Errorf("%s: %s", rule, issues.ToDisplayString())
	}
	return treeOf(parsed.Expr())
}

func treeOf(expression ast.Expr) (any, error) {
	switch expression.Kind() {
	case ast.LiteralKind:
		return []any{"value", literal(expression.AsLiteral())}, nil
	case ast.IdentKind:
		return []any{"name", expression.AsIdent()}, nil
	case ast.SelectKind:
		selected := expression.AsSelect()
		operand, err := treeOf(selected.Operand())
		if err != nil {
			return nil, err
		}
		kind := "field"
		if selected.IsTestOnly() {
			kind = "has"
		}
		return []any{kind, operand, selected.FieldName()}, nil
	case ast.ListKind:
		return treesOf([]any{"list"}, expression.AsList().Elements())
	case ast.CallKind:
		call := expression.AsCall()
		if !call.IsMemberFunction() {
			return treesOf([]any{"call", call.FunctionName()}, call.Args())
		}
		target, err := treeOf(call.Target())
		if err != nil {
			return nil, err
		}
		return treesOf([]any{"method", call.FunctionName(), target}, call.Args())
	default:
		return nil, fmt.Errorf("expression of kind %v", expression.Kind())
	}
}

func treesOf(tree []any, expressions []ast.Expr) (any, error) {
	for _, expression := range expressions {
		part, err := treeOf(expression)
		if err != nil {
			return nil, err
		}
		tree = append(tree, part)
	}
	return tree, nil
}

func literal(value ref.Val) any { return value.Value() }
