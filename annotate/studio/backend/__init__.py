"""An ML backend for Label Studio: a service that it asks for pre-labels, and that hears of annotations.

`predictor` makes the answers, `guard` decides whom they are given to, `app` is the service, `puller` pulls when a
webhook comes, `connection` tells Label Studio where the service is, `serving` runs it.
"""
