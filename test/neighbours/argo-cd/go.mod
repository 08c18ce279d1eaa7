module example.com/vs2route/neighbours/argo-cd

go 1.26.3

require (
	github.com/argoproj/argo-cd/v3 v3.5.7
	github.com/yuin/gopher-lua v1.1.2
	layeh.com/gopher-json v0.0.0-20190114024228-97fed8db8427
)
