; syrk
define internal i32 @syrk.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) readonly align 4 %a1, ptr noalias captures(none) align 4 %a2, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v670, %loop2 ]
  %v5 = mul nsw i64 %i0.4, 40
  %v6 = getelementptr float, ptr %a1, i64 %v5
  %v8 = getelementptr float, ptr %a2, i64 %v5
  %v24 = mul nsw i64 %i0.4, 16
  %v25 = getelementptr float, ptr %a0, i64 %v24
  %v29 = mul nsw i64 %i0.4, 2
  %v30 = add nsw i64 %v29, 1
  %v31 = call i64 @llvm.smin.i64(i64 %v30, i64 8)
  %v32 = call i64 @llvm.smax.i64(i64 %v31, i64 0)
  %v33 = trunc i64 %v32 to i32
  %v34 = insertelement <8 x i32> poison, i32 %v33, i64 0
  %v35 = shufflevector <8 x i32> %v34, <8 x i32> poison, <8 x i32> zeroinitializer
  %v36 = icmp sgt <8 x i32> %v35, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v45 = add nsw i64 %v29, -7
  %v46 = call i64 @llvm.smin.i64(i64 %v45, i64 8)
  %v47 = call i64 @llvm.smax.i64(i64 %v46, i64 0)
  %v48 = trunc i64 %v47 to i32
  %v49 = insertelement <8 x i32> poison, i32 %v48, i64 0
  %v50 = shufflevector <8 x i32> %v49, <8 x i32> poison, <8 x i32> zeroinitializer
  %v51 = icmp sgt <8 x i32> %v50, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v64 = add nsw i64 %v29, -15
  %v65 = call i64 @llvm.smin.i64(i64 %v64, i64 8)
  %v66 = call i64 @llvm.smax.i64(i64 %v65, i64 0)
  %v67 = trunc i64 %v66 to i32
  %v68 = insertelement <8 x i32> poison, i32 %v67, i64 0
  %v69 = shufflevector <8 x i32> %v68, <8 x i32> poison, <8 x i32> zeroinitializer
  %v70 = icmp sgt <8 x i32> %v69, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v84 = add nsw i64 %v29, 2
  %v85 = call i64 @llvm.smin.i64(i64 %v84, i64 8)
  %v86 = call i64 @llvm.smax.i64(i64 %v85, i64 0)
  %v87 = trunc i64 %v86 to i32
  %v88 = insertelement <8 x i32> poison, i32 %v87, i64 0
  %v89 = shufflevector <8 x i32> %v88, <8 x i32> poison, <8 x i32> zeroinitializer
  %v90 = icmp sgt <8 x i32> %v89, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v102 = add nsw i64 %v29, -6
  %v103 = call i64 @llvm.smin.i64(i64 %v102, i64 8)
  %v104 = call i64 @llvm.smax.i64(i64 %v103, i64 0)
  %v105 = trunc i64 %v104 to i32
  %v106 = insertelement <8 x i32> poison, i32 %v105, i64 0
  %v107 = shufflevector <8 x i32> %v106, <8 x i32> poison, <8 x i32> zeroinitializer
  %v108 = icmp sgt <8 x i32> %v107, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v122 = add nsw i64 %v29, -14
  %v123 = call i64 @llvm.smin.i64(i64 %v122, i64 8)
  %v124 = call i64 @llvm.smax.i64(i64 %v123, i64 0)
  %v125 = trunc i64 %v124 to i32
  %v126 = insertelement <8 x i32> poison, i32 %v125, i64 0
  %v127 = shufflevector <8 x i32> %v126, <8 x i32> poison, <8 x i32> zeroinitializer
  %v128 = icmp sgt <8 x i32> %v127, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v7 = load <8 x float>, ptr %v6, align 4
  store <8 x float> %v7, ptr %v8, align 4
  %v9 = getelementptr float, ptr %v6, i64 8
  %v10 = load <8 x float>, ptr %v9, align 4
  %v11 = getelementptr float, ptr %v8, i64 8
  store <8 x float> %v10, ptr %v11, align 4
  %v12 = getelementptr float, ptr %v6, i64 16
  %v13 = load <4 x float>, ptr %v12, align 4
  %v14 = getelementptr float, ptr %v8, i64 16
  store <4 x float> %v13, ptr %v14, align 4
  %v15 = getelementptr float, ptr %v6, i64 20
  %v16 = load <8 x float>, ptr %v15, align 4
  %v17 = getelementptr float, ptr %v8, i64 20
  store <8 x float> %v16, ptr %v17, align 4
  %v18 = getelementptr float, ptr %v6, i64 28
  %v19 = load <8 x float>, ptr %v18, align 4
  %v20 = getelementptr float, ptr %v8, i64 28
  store <8 x float> %v19, ptr %v20, align 4
  %v21 = getelementptr float, ptr %v6, i64 36
  %v22 = load <4 x float>, ptr %v21, align 4
  %v23 = getelementptr float, ptr %v8, i64 36
  store <4 x float> %v22, ptr %v23, align 4
  %v26 = load float, ptr %v25, align 4
  %v27 = insertelement <8 x float> poison, float %v26, i64 0
  %v28 = shufflevector <8 x float> %v27, <8 x float> poison, <8 x i32> zeroinitializer
  %v37 = getelementptr float, ptr %a0, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v38 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v37, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v39 = fmul <8 x float> %v28, %v38
  %v40 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v41 = fadd <8 x float> %v40, %v39
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v41, ptr align 4 %v8, <8 x i1> %v36)
  %v42 = load float, ptr %v25, align 4
  %v43 = insertelement <8 x float> poison, float %v42, i64 0
  %v44 = shufflevector <8 x float> %v43, <8 x float> poison, <8 x i32> zeroinitializer
  %v52 = getelementptr float, ptr %a0, i64 64
  %v53 = getelementptr float, ptr %a0, i64 64
  %v54 = getelementptr float, ptr %v53, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v55 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v54, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v56 = fmul <8 x float> %v44, %v55
  %v57 = getelementptr float, ptr %v8, i64 8
  %v58 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v57, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v59 = fadd <8 x float> %v58, %v56
  %v60 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v59, ptr align 4 %v60, <8 x i1> %v51)
  %v61 = load float, ptr %v25, align 4
  %v62 = insertelement <8 x float> poison, float %v61, i64 0
  %v63 = shufflevector <8 x float> %v62, <8 x float> poison, <8 x i32> zeroinitializer
  %v71 = getelementptr float, ptr %a0, i64 128
  %v72 = getelementptr float, ptr %a0, i64 128
  %v73 = getelementptr float, ptr %v72, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v74 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v73, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v75 = fmul <8 x float> %v63, %v74
  %v76 = getelementptr float, ptr %v8, i64 16
  %v77 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v76, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v78 = fadd <8 x float> %v77, %v75
  %v79 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v78, ptr align 4 %v79, <8 x i1> %v70)
  %v80 = getelementptr float, ptr %v25, i64 8
  %v81 = load float, ptr %v80, align 4
  %v82 = insertelement <8 x float> poison, float %v81, i64 0
  %v83 = shufflevector <8 x float> %v82, <8 x float> poison, <8 x i32> zeroinitializer
  %v91 = getelementptr float, ptr %a0, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v92 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v91, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v93 = fmul <8 x float> %v83, %v92
  %v94 = getelementptr float, ptr %v8, i64 20
  %v95 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v94, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v96 = fadd <8 x float> %v95, %v93
  %v97 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v96, ptr align 4 %v97, <8 x i1> %v90)
  %v98 = getelementptr float, ptr %v25, i64 8
  %v99 = load float, ptr %v98, align 4
  %v100 = insertelement <8 x float> poison, float %v99, i64 0
  %v101 = shufflevector <8 x float> %v100, <8 x float> poison, <8 x i32> zeroinitializer
  %v109 = getelementptr float, ptr %a0, i64 64
  %v110 = getelementptr float, ptr %a0, i64 64
  %v111 = getelementptr float, ptr %v110, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v112 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v111, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v113 = fmul <8 x float> %v101, %v112
  %v114 = getelementptr float, ptr %v8, i64 28
  %v115 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v114, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v116 = fadd <8 x float> %v115, %v113
  %v117 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v116, ptr align 4 %v117, <8 x i1> %v108)
  %v118 = getelementptr float, ptr %v25, i64 8
  %v119 = load float, ptr %v118, align 4
  %v120 = insertelement <8 x float> poison, float %v119, i64 0
  %v121 = shufflevector <8 x float> %v120, <8 x float> poison, <8 x i32> zeroinitializer
  %v129 = getelementptr float, ptr %a0, i64 128
  %v130 = getelementptr float, ptr %a0, i64 128
  %v131 = getelementptr float, ptr %v130, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v132 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v131, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v133 = fmul <8 x float> %v121, %v132
  %v134 = getelementptr float, ptr %v8, i64 36
  %v135 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v134, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v136 = fadd <8 x float> %v135, %v133
  %v137 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v136, ptr align 4 %v137, <8 x i1> %v128)
  %v138 = getelementptr float, ptr %v25, i64 1
  %v139 = load float, ptr %v138, align 4
  %v140 = insertelement <8 x float> poison, float %v139, i64 0
  %v141 = shufflevector <8 x float> %v140, <8 x float> poison, <8 x i32> zeroinitializer
  %v142 = getelementptr float, ptr %a0, i64 1
  %v143 = getelementptr float, ptr %a0, i64 1
  %v144 = getelementptr float, ptr %v143, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v145 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v144, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v146 = fmul <8 x float> %v141, %v145
  %v147 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v148 = fadd <8 x float> %v147, %v146
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v148, ptr align 4 %v8, <8 x i1> %v36)
  %v149 = getelementptr float, ptr %v25, i64 1
  %v150 = load float, ptr %v149, align 4
  %v151 = insertelement <8 x float> poison, float %v150, i64 0
  %v152 = shufflevector <8 x float> %v151, <8 x float> poison, <8 x i32> zeroinitializer
  %v153 = getelementptr float, ptr %a0, i64 65
  %v154 = getelementptr float, ptr %a0, i64 65
  %v155 = getelementptr float, ptr %v154, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v156 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v155, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v157 = fmul <8 x float> %v152, %v156
  %v158 = getelementptr float, ptr %v8, i64 8
  %v159 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v158, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v160 = fadd <8 x float> %v159, %v157
  %v161 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v160, ptr align 4 %v161, <8 x i1> %v51)
  %v162 = getelementptr float, ptr %v25, i64 1
  %v163 = load float, ptr %v162, align 4
  %v164 = insertelement <8 x float> poison, float %v163, i64 0
  %v165 = shufflevector <8 x float> %v164, <8 x float> poison, <8 x i32> zeroinitializer
  %v166 = getelementptr float, ptr %a0, i64 129
  %v167 = getelementptr float, ptr %a0, i64 129
  %v168 = getelementptr float, ptr %v167, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v169 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v168, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v170 = fmul <8 x float> %v165, %v169
  %v171 = getelementptr float, ptr %v8, i64 16
  %v172 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v171, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v173 = fadd <8 x float> %v172, %v170
  %v174 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v173, ptr align 4 %v174, <8 x i1> %v70)
  %v175 = getelementptr float, ptr %v25, i64 9
  %v176 = load float, ptr %v175, align 4
  %v177 = insertelement <8 x float> poison, float %v176, i64 0
  %v178 = shufflevector <8 x float> %v177, <8 x float> poison, <8 x i32> zeroinitializer
  %v179 = getelementptr float, ptr %a0, i64 1
  %v180 = getelementptr float, ptr %a0, i64 1
  %v181 = getelementptr float, ptr %v180, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v182 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v181, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v183 = fmul <8 x float> %v178, %v182
  %v184 = getelementptr float, ptr %v8, i64 20
  %v185 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v184, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v186 = fadd <8 x float> %v185, %v183
  %v187 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v186, ptr align 4 %v187, <8 x i1> %v90)
  %v188 = getelementptr float, ptr %v25, i64 9
  %v189 = load float, ptr %v188, align 4
  %v190 = insertelement <8 x float> poison, float %v189, i64 0
  %v191 = shufflevector <8 x float> %v190, <8 x float> poison, <8 x i32> zeroinitializer
  %v192 = getelementptr float, ptr %a0, i64 65
  %v193 = getelementptr float, ptr %a0, i64 65
  %v194 = getelementptr float, ptr %v193, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v195 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v194, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v196 = fmul <8 x float> %v191, %v195
  %v197 = getelementptr float, ptr %v8, i64 28
  %v198 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v197, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v199 = fadd <8 x float> %v198, %v196
  %v200 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v199, ptr align 4 %v200, <8 x i1> %v108)
  %v201 = getelementptr float, ptr %v25, i64 9
  %v202 = load float, ptr %v201, align 4
  %v203 = insertelement <8 x float> poison, float %v202, i64 0
  %v204 = shufflevector <8 x float> %v203, <8 x float> poison, <8 x i32> zeroinitializer
  %v205 = getelementptr float, ptr %a0, i64 129
  %v206 = getelementptr float, ptr %a0, i64 129
  %v207 = getelementptr float, ptr %v206, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v208 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v207, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v209 = fmul <8 x float> %v204, %v208
  %v210 = getelementptr float, ptr %v8, i64 36
  %v211 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v210, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v212 = fadd <8 x float> %v211, %v209
  %v213 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v212, ptr align 4 %v213, <8 x i1> %v128)
  %v214 = getelementptr float, ptr %v25, i64 2
  %v215 = load float, ptr %v214, align 4
  %v216 = insertelement <8 x float> poison, float %v215, i64 0
  %v217 = shufflevector <8 x float> %v216, <8 x float> poison, <8 x i32> zeroinitializer
  %v218 = getelementptr float, ptr %a0, i64 2
  %v219 = getelementptr float, ptr %a0, i64 2
  %v220 = getelementptr float, ptr %v219, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v221 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v220, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v222 = fmul <8 x float> %v217, %v221
  %v223 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v224 = fadd <8 x float> %v223, %v222
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v224, ptr align 4 %v8, <8 x i1> %v36)
  %v225 = getelementptr float, ptr %v25, i64 2
  %v226 = load float, ptr %v225, align 4
  %v227 = insertelement <8 x float> poison, float %v226, i64 0
  %v228 = shufflevector <8 x float> %v227, <8 x float> poison, <8 x i32> zeroinitializer
  %v229 = getelementptr float, ptr %a0, i64 66
  %v230 = getelementptr float, ptr %a0, i64 66
  %v231 = getelementptr float, ptr %v230, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v232 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v231, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v233 = fmul <8 x float> %v228, %v232
  %v234 = getelementptr float, ptr %v8, i64 8
  %v235 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v234, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v236 = fadd <8 x float> %v235, %v233
  %v237 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v236, ptr align 4 %v237, <8 x i1> %v51)
  %v238 = getelementptr float, ptr %v25, i64 2
  %v239 = load float, ptr %v238, align 4
  %v240 = insertelement <8 x float> poison, float %v239, i64 0
  %v241 = shufflevector <8 x float> %v240, <8 x float> poison, <8 x i32> zeroinitializer
  %v242 = getelementptr float, ptr %a0, i64 130
  %v243 = getelementptr float, ptr %a0, i64 130
  %v244 = getelementptr float, ptr %v243, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v245 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v244, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v246 = fmul <8 x float> %v241, %v245
  %v247 = getelementptr float, ptr %v8, i64 16
  %v248 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v247, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v249 = fadd <8 x float> %v248, %v246
  %v250 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v249, ptr align 4 %v250, <8 x i1> %v70)
  %v251 = getelementptr float, ptr %v25, i64 10
  %v252 = load float, ptr %v251, align 4
  %v253 = insertelement <8 x float> poison, float %v252, i64 0
  %v254 = shufflevector <8 x float> %v253, <8 x float> poison, <8 x i32> zeroinitializer
  %v255 = getelementptr float, ptr %a0, i64 2
  %v256 = getelementptr float, ptr %a0, i64 2
  %v257 = getelementptr float, ptr %v256, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v258 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v257, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v259 = fmul <8 x float> %v254, %v258
  %v260 = getelementptr float, ptr %v8, i64 20
  %v261 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v260, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v262 = fadd <8 x float> %v261, %v259
  %v263 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v262, ptr align 4 %v263, <8 x i1> %v90)
  %v264 = getelementptr float, ptr %v25, i64 10
  %v265 = load float, ptr %v264, align 4
  %v266 = insertelement <8 x float> poison, float %v265, i64 0
  %v267 = shufflevector <8 x float> %v266, <8 x float> poison, <8 x i32> zeroinitializer
  %v268 = getelementptr float, ptr %a0, i64 66
  %v269 = getelementptr float, ptr %a0, i64 66
  %v270 = getelementptr float, ptr %v269, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v271 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v270, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v272 = fmul <8 x float> %v267, %v271
  %v273 = getelementptr float, ptr %v8, i64 28
  %v274 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v273, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v275 = fadd <8 x float> %v274, %v272
  %v276 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v275, ptr align 4 %v276, <8 x i1> %v108)
  %v277 = getelementptr float, ptr %v25, i64 10
  %v278 = load float, ptr %v277, align 4
  %v279 = insertelement <8 x float> poison, float %v278, i64 0
  %v280 = shufflevector <8 x float> %v279, <8 x float> poison, <8 x i32> zeroinitializer
  %v281 = getelementptr float, ptr %a0, i64 130
  %v282 = getelementptr float, ptr %a0, i64 130
  %v283 = getelementptr float, ptr %v282, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v284 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v283, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v285 = fmul <8 x float> %v280, %v284
  %v286 = getelementptr float, ptr %v8, i64 36
  %v287 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v286, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v288 = fadd <8 x float> %v287, %v285
  %v289 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v288, ptr align 4 %v289, <8 x i1> %v128)
  %v290 = getelementptr float, ptr %v25, i64 3
  %v291 = load float, ptr %v290, align 4
  %v292 = insertelement <8 x float> poison, float %v291, i64 0
  %v293 = shufflevector <8 x float> %v292, <8 x float> poison, <8 x i32> zeroinitializer
  %v294 = getelementptr float, ptr %a0, i64 3
  %v295 = getelementptr float, ptr %a0, i64 3
  %v296 = getelementptr float, ptr %v295, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v297 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v296, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v298 = fmul <8 x float> %v293, %v297
  %v299 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v300 = fadd <8 x float> %v299, %v298
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v300, ptr align 4 %v8, <8 x i1> %v36)
  %v301 = getelementptr float, ptr %v25, i64 3
  %v302 = load float, ptr %v301, align 4
  %v303 = insertelement <8 x float> poison, float %v302, i64 0
  %v304 = shufflevector <8 x float> %v303, <8 x float> poison, <8 x i32> zeroinitializer
  %v305 = getelementptr float, ptr %a0, i64 67
  %v306 = getelementptr float, ptr %a0, i64 67
  %v307 = getelementptr float, ptr %v306, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v308 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v307, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v309 = fmul <8 x float> %v304, %v308
  %v310 = getelementptr float, ptr %v8, i64 8
  %v311 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v310, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v312 = fadd <8 x float> %v311, %v309
  %v313 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v312, ptr align 4 %v313, <8 x i1> %v51)
  %v314 = getelementptr float, ptr %v25, i64 3
  %v315 = load float, ptr %v314, align 4
  %v316 = insertelement <8 x float> poison, float %v315, i64 0
  %v317 = shufflevector <8 x float> %v316, <8 x float> poison, <8 x i32> zeroinitializer
  %v318 = getelementptr float, ptr %a0, i64 131
  %v319 = getelementptr float, ptr %a0, i64 131
  %v320 = getelementptr float, ptr %v319, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v321 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v320, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v322 = fmul <8 x float> %v317, %v321
  %v323 = getelementptr float, ptr %v8, i64 16
  %v324 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v323, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v325 = fadd <8 x float> %v324, %v322
  %v326 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v325, ptr align 4 %v326, <8 x i1> %v70)
  %v327 = getelementptr float, ptr %v25, i64 11
  %v328 = load float, ptr %v327, align 4
  %v329 = insertelement <8 x float> poison, float %v328, i64 0
  %v330 = shufflevector <8 x float> %v329, <8 x float> poison, <8 x i32> zeroinitializer
  %v331 = getelementptr float, ptr %a0, i64 3
  %v332 = getelementptr float, ptr %a0, i64 3
  %v333 = getelementptr float, ptr %v332, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v334 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v333, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v335 = fmul <8 x float> %v330, %v334
  %v336 = getelementptr float, ptr %v8, i64 20
  %v337 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v336, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v338 = fadd <8 x float> %v337, %v335
  %v339 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v338, ptr align 4 %v339, <8 x i1> %v90)
  %v340 = getelementptr float, ptr %v25, i64 11
  %v341 = load float, ptr %v340, align 4
  %v342 = insertelement <8 x float> poison, float %v341, i64 0
  %v343 = shufflevector <8 x float> %v342, <8 x float> poison, <8 x i32> zeroinitializer
  %v344 = getelementptr float, ptr %a0, i64 67
  %v345 = getelementptr float, ptr %a0, i64 67
  %v346 = getelementptr float, ptr %v345, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v347 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v346, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v348 = fmul <8 x float> %v343, %v347
  %v349 = getelementptr float, ptr %v8, i64 28
  %v350 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v349, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v351 = fadd <8 x float> %v350, %v348
  %v352 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v351, ptr align 4 %v352, <8 x i1> %v108)
  %v353 = getelementptr float, ptr %v25, i64 11
  %v354 = load float, ptr %v353, align 4
  %v355 = insertelement <8 x float> poison, float %v354, i64 0
  %v356 = shufflevector <8 x float> %v355, <8 x float> poison, <8 x i32> zeroinitializer
  %v357 = getelementptr float, ptr %a0, i64 131
  %v358 = getelementptr float, ptr %a0, i64 131
  %v359 = getelementptr float, ptr %v358, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v360 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v359, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v361 = fmul <8 x float> %v356, %v360
  %v362 = getelementptr float, ptr %v8, i64 36
  %v363 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v362, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v364 = fadd <8 x float> %v363, %v361
  %v365 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v364, ptr align 4 %v365, <8 x i1> %v128)
  %v366 = getelementptr float, ptr %v25, i64 4
  %v367 = load float, ptr %v366, align 4
  %v368 = insertelement <8 x float> poison, float %v367, i64 0
  %v369 = shufflevector <8 x float> %v368, <8 x float> poison, <8 x i32> zeroinitializer
  %v370 = getelementptr float, ptr %a0, i64 4
  %v371 = getelementptr float, ptr %a0, i64 4
  %v372 = getelementptr float, ptr %v371, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v373 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v372, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v374 = fmul <8 x float> %v369, %v373
  %v375 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v376 = fadd <8 x float> %v375, %v374
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v376, ptr align 4 %v8, <8 x i1> %v36)
  %v377 = getelementptr float, ptr %v25, i64 4
  %v378 = load float, ptr %v377, align 4
  %v379 = insertelement <8 x float> poison, float %v378, i64 0
  %v380 = shufflevector <8 x float> %v379, <8 x float> poison, <8 x i32> zeroinitializer
  %v381 = getelementptr float, ptr %a0, i64 68
  %v382 = getelementptr float, ptr %a0, i64 68
  %v383 = getelementptr float, ptr %v382, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v384 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v383, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v385 = fmul <8 x float> %v380, %v384
  %v386 = getelementptr float, ptr %v8, i64 8
  %v387 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v386, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v388 = fadd <8 x float> %v387, %v385
  %v389 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v388, ptr align 4 %v389, <8 x i1> %v51)
  %v390 = getelementptr float, ptr %v25, i64 4
  %v391 = load float, ptr %v390, align 4
  %v392 = insertelement <8 x float> poison, float %v391, i64 0
  %v393 = shufflevector <8 x float> %v392, <8 x float> poison, <8 x i32> zeroinitializer
  %v394 = getelementptr float, ptr %a0, i64 132
  %v395 = getelementptr float, ptr %a0, i64 132
  %v396 = getelementptr float, ptr %v395, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v397 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v396, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v398 = fmul <8 x float> %v393, %v397
  %v399 = getelementptr float, ptr %v8, i64 16
  %v400 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v399, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v401 = fadd <8 x float> %v400, %v398
  %v402 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v401, ptr align 4 %v402, <8 x i1> %v70)
  %v403 = getelementptr float, ptr %v25, i64 12
  %v404 = load float, ptr %v403, align 4
  %v405 = insertelement <8 x float> poison, float %v404, i64 0
  %v406 = shufflevector <8 x float> %v405, <8 x float> poison, <8 x i32> zeroinitializer
  %v407 = getelementptr float, ptr %a0, i64 4
  %v408 = getelementptr float, ptr %a0, i64 4
  %v409 = getelementptr float, ptr %v408, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v410 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v409, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v411 = fmul <8 x float> %v406, %v410
  %v412 = getelementptr float, ptr %v8, i64 20
  %v413 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v412, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v414 = fadd <8 x float> %v413, %v411
  %v415 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v414, ptr align 4 %v415, <8 x i1> %v90)
  %v416 = getelementptr float, ptr %v25, i64 12
  %v417 = load float, ptr %v416, align 4
  %v418 = insertelement <8 x float> poison, float %v417, i64 0
  %v419 = shufflevector <8 x float> %v418, <8 x float> poison, <8 x i32> zeroinitializer
  %v420 = getelementptr float, ptr %a0, i64 68
  %v421 = getelementptr float, ptr %a0, i64 68
  %v422 = getelementptr float, ptr %v421, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v423 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v422, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v424 = fmul <8 x float> %v419, %v423
  %v425 = getelementptr float, ptr %v8, i64 28
  %v426 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v425, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v427 = fadd <8 x float> %v426, %v424
  %v428 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v427, ptr align 4 %v428, <8 x i1> %v108)
  %v429 = getelementptr float, ptr %v25, i64 12
  %v430 = load float, ptr %v429, align 4
  %v431 = insertelement <8 x float> poison, float %v430, i64 0
  %v432 = shufflevector <8 x float> %v431, <8 x float> poison, <8 x i32> zeroinitializer
  %v433 = getelementptr float, ptr %a0, i64 132
  %v434 = getelementptr float, ptr %a0, i64 132
  %v435 = getelementptr float, ptr %v434, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v436 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v435, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v437 = fmul <8 x float> %v432, %v436
  %v438 = getelementptr float, ptr %v8, i64 36
  %v439 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v438, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v440 = fadd <8 x float> %v439, %v437
  %v441 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v440, ptr align 4 %v441, <8 x i1> %v128)
  %v442 = getelementptr float, ptr %v25, i64 5
  %v443 = load float, ptr %v442, align 4
  %v444 = insertelement <8 x float> poison, float %v443, i64 0
  %v445 = shufflevector <8 x float> %v444, <8 x float> poison, <8 x i32> zeroinitializer
  %v446 = getelementptr float, ptr %a0, i64 5
  %v447 = getelementptr float, ptr %a0, i64 5
  %v448 = getelementptr float, ptr %v447, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v449 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v448, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v450 = fmul <8 x float> %v445, %v449
  %v451 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v452 = fadd <8 x float> %v451, %v450
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v452, ptr align 4 %v8, <8 x i1> %v36)
  %v453 = getelementptr float, ptr %v25, i64 5
  %v454 = load float, ptr %v453, align 4
  %v455 = insertelement <8 x float> poison, float %v454, i64 0
  %v456 = shufflevector <8 x float> %v455, <8 x float> poison, <8 x i32> zeroinitializer
  %v457 = getelementptr float, ptr %a0, i64 69
  %v458 = getelementptr float, ptr %a0, i64 69
  %v459 = getelementptr float, ptr %v458, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v460 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v459, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v461 = fmul <8 x float> %v456, %v460
  %v462 = getelementptr float, ptr %v8, i64 8
  %v463 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v462, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v464 = fadd <8 x float> %v463, %v461
  %v465 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v464, ptr align 4 %v465, <8 x i1> %v51)
  %v466 = getelementptr float, ptr %v25, i64 5
  %v467 = load float, ptr %v466, align 4
  %v468 = insertelement <8 x float> poison, float %v467, i64 0
  %v469 = shufflevector <8 x float> %v468, <8 x float> poison, <8 x i32> zeroinitializer
  %v470 = getelementptr float, ptr %a0, i64 133
  %v471 = getelementptr float, ptr %a0, i64 133
  %v472 = getelementptr float, ptr %v471, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v473 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v472, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v474 = fmul <8 x float> %v469, %v473
  %v475 = getelementptr float, ptr %v8, i64 16
  %v476 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v475, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v477 = fadd <8 x float> %v476, %v474
  %v478 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v477, ptr align 4 %v478, <8 x i1> %v70)
  %v479 = getelementptr float, ptr %v25, i64 13
  %v480 = load float, ptr %v479, align 4
  %v481 = insertelement <8 x float> poison, float %v480, i64 0
  %v482 = shufflevector <8 x float> %v481, <8 x float> poison, <8 x i32> zeroinitializer
  %v483 = getelementptr float, ptr %a0, i64 5
  %v484 = getelementptr float, ptr %a0, i64 5
  %v485 = getelementptr float, ptr %v484, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v486 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v485, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v487 = fmul <8 x float> %v482, %v486
  %v488 = getelementptr float, ptr %v8, i64 20
  %v489 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v488, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v490 = fadd <8 x float> %v489, %v487
  %v491 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v490, ptr align 4 %v491, <8 x i1> %v90)
  %v492 = getelementptr float, ptr %v25, i64 13
  %v493 = load float, ptr %v492, align 4
  %v494 = insertelement <8 x float> poison, float %v493, i64 0
  %v495 = shufflevector <8 x float> %v494, <8 x float> poison, <8 x i32> zeroinitializer
  %v496 = getelementptr float, ptr %a0, i64 69
  %v497 = getelementptr float, ptr %a0, i64 69
  %v498 = getelementptr float, ptr %v497, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v499 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v498, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v500 = fmul <8 x float> %v495, %v499
  %v501 = getelementptr float, ptr %v8, i64 28
  %v502 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v501, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v503 = fadd <8 x float> %v502, %v500
  %v504 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v503, ptr align 4 %v504, <8 x i1> %v108)
  %v505 = getelementptr float, ptr %v25, i64 13
  %v506 = load float, ptr %v505, align 4
  %v507 = insertelement <8 x float> poison, float %v506, i64 0
  %v508 = shufflevector <8 x float> %v507, <8 x float> poison, <8 x i32> zeroinitializer
  %v509 = getelementptr float, ptr %a0, i64 133
  %v510 = getelementptr float, ptr %a0, i64 133
  %v511 = getelementptr float, ptr %v510, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v512 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v511, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v513 = fmul <8 x float> %v508, %v512
  %v514 = getelementptr float, ptr %v8, i64 36
  %v515 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v514, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v516 = fadd <8 x float> %v515, %v513
  %v517 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v516, ptr align 4 %v517, <8 x i1> %v128)
  %v518 = getelementptr float, ptr %v25, i64 6
  %v519 = load float, ptr %v518, align 4
  %v520 = insertelement <8 x float> poison, float %v519, i64 0
  %v521 = shufflevector <8 x float> %v520, <8 x float> poison, <8 x i32> zeroinitializer
  %v522 = getelementptr float, ptr %a0, i64 6
  %v523 = getelementptr float, ptr %a0, i64 6
  %v524 = getelementptr float, ptr %v523, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v525 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v524, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v526 = fmul <8 x float> %v521, %v525
  %v527 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v528 = fadd <8 x float> %v527, %v526
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v528, ptr align 4 %v8, <8 x i1> %v36)
  %v529 = getelementptr float, ptr %v25, i64 6
  %v530 = load float, ptr %v529, align 4
  %v531 = insertelement <8 x float> poison, float %v530, i64 0
  %v532 = shufflevector <8 x float> %v531, <8 x float> poison, <8 x i32> zeroinitializer
  %v533 = getelementptr float, ptr %a0, i64 70
  %v534 = getelementptr float, ptr %a0, i64 70
  %v535 = getelementptr float, ptr %v534, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v536 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v535, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v537 = fmul <8 x float> %v532, %v536
  %v538 = getelementptr float, ptr %v8, i64 8
  %v539 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v538, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v540 = fadd <8 x float> %v539, %v537
  %v541 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v540, ptr align 4 %v541, <8 x i1> %v51)
  %v542 = getelementptr float, ptr %v25, i64 6
  %v543 = load float, ptr %v542, align 4
  %v544 = insertelement <8 x float> poison, float %v543, i64 0
  %v545 = shufflevector <8 x float> %v544, <8 x float> poison, <8 x i32> zeroinitializer
  %v546 = getelementptr float, ptr %a0, i64 134
  %v547 = getelementptr float, ptr %a0, i64 134
  %v548 = getelementptr float, ptr %v547, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v549 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v548, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v550 = fmul <8 x float> %v545, %v549
  %v551 = getelementptr float, ptr %v8, i64 16
  %v552 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v551, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v553 = fadd <8 x float> %v552, %v550
  %v554 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v553, ptr align 4 %v554, <8 x i1> %v70)
  %v555 = getelementptr float, ptr %v25, i64 14
  %v556 = load float, ptr %v555, align 4
  %v557 = insertelement <8 x float> poison, float %v556, i64 0
  %v558 = shufflevector <8 x float> %v557, <8 x float> poison, <8 x i32> zeroinitializer
  %v559 = getelementptr float, ptr %a0, i64 6
  %v560 = getelementptr float, ptr %a0, i64 6
  %v561 = getelementptr float, ptr %v560, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v562 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v561, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v563 = fmul <8 x float> %v558, %v562
  %v564 = getelementptr float, ptr %v8, i64 20
  %v565 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v564, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v566 = fadd <8 x float> %v565, %v563
  %v567 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v566, ptr align 4 %v567, <8 x i1> %v90)
  %v568 = getelementptr float, ptr %v25, i64 14
  %v569 = load float, ptr %v568, align 4
  %v570 = insertelement <8 x float> poison, float %v569, i64 0
  %v571 = shufflevector <8 x float> %v570, <8 x float> poison, <8 x i32> zeroinitializer
  %v572 = getelementptr float, ptr %a0, i64 70
  %v573 = getelementptr float, ptr %a0, i64 70
  %v574 = getelementptr float, ptr %v573, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v575 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v574, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v576 = fmul <8 x float> %v571, %v575
  %v577 = getelementptr float, ptr %v8, i64 28
  %v578 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v577, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v579 = fadd <8 x float> %v578, %v576
  %v580 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v579, ptr align 4 %v580, <8 x i1> %v108)
  %v581 = getelementptr float, ptr %v25, i64 14
  %v582 = load float, ptr %v581, align 4
  %v583 = insertelement <8 x float> poison, float %v582, i64 0
  %v584 = shufflevector <8 x float> %v583, <8 x float> poison, <8 x i32> zeroinitializer
  %v585 = getelementptr float, ptr %a0, i64 134
  %v586 = getelementptr float, ptr %a0, i64 134
  %v587 = getelementptr float, ptr %v586, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v588 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v587, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v589 = fmul <8 x float> %v584, %v588
  %v590 = getelementptr float, ptr %v8, i64 36
  %v591 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v590, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v592 = fadd <8 x float> %v591, %v589
  %v593 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v592, ptr align 4 %v593, <8 x i1> %v128)
  %v594 = getelementptr float, ptr %v25, i64 7
  %v595 = load float, ptr %v594, align 4
  %v596 = insertelement <8 x float> poison, float %v595, i64 0
  %v597 = shufflevector <8 x float> %v596, <8 x float> poison, <8 x i32> zeroinitializer
  %v598 = getelementptr float, ptr %a0, i64 7
  %v599 = getelementptr float, ptr %a0, i64 7
  %v600 = getelementptr float, ptr %v599, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v601 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v600, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v602 = fmul <8 x float> %v597, %v601
  %v603 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v8, <8 x i1> %v36, <8 x float> zeroinitializer)
  %v604 = fadd <8 x float> %v603, %v602
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v604, ptr align 4 %v8, <8 x i1> %v36)
  %v605 = getelementptr float, ptr %v25, i64 7
  %v606 = load float, ptr %v605, align 4
  %v607 = insertelement <8 x float> poison, float %v606, i64 0
  %v608 = shufflevector <8 x float> %v607, <8 x float> poison, <8 x i32> zeroinitializer
  %v609 = getelementptr float, ptr %a0, i64 71
  %v610 = getelementptr float, ptr %a0, i64 71
  %v611 = getelementptr float, ptr %v610, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v612 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v611, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v613 = fmul <8 x float> %v608, %v612
  %v614 = getelementptr float, ptr %v8, i64 8
  %v615 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v614, <8 x i1> %v51, <8 x float> zeroinitializer)
  %v616 = fadd <8 x float> %v615, %v613
  %v617 = getelementptr float, ptr %v8, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v616, ptr align 4 %v617, <8 x i1> %v51)
  %v618 = getelementptr float, ptr %v25, i64 7
  %v619 = load float, ptr %v618, align 4
  %v620 = insertelement <8 x float> poison, float %v619, i64 0
  %v621 = shufflevector <8 x float> %v620, <8 x float> poison, <8 x i32> zeroinitializer
  %v622 = getelementptr float, ptr %a0, i64 135
  %v623 = getelementptr float, ptr %a0, i64 135
  %v624 = getelementptr float, ptr %v623, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v625 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v624, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v626 = fmul <8 x float> %v621, %v625
  %v627 = getelementptr float, ptr %v8, i64 16
  %v628 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v627, <8 x i1> %v70, <8 x float> zeroinitializer)
  %v629 = fadd <8 x float> %v628, %v626
  %v630 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v629, ptr align 4 %v630, <8 x i1> %v70)
  %v631 = getelementptr float, ptr %v25, i64 15
  %v632 = load float, ptr %v631, align 4
  %v633 = insertelement <8 x float> poison, float %v632, i64 0
  %v634 = shufflevector <8 x float> %v633, <8 x float> poison, <8 x i32> zeroinitializer
  %v635 = getelementptr float, ptr %a0, i64 7
  %v636 = getelementptr float, ptr %a0, i64 7
  %v637 = getelementptr float, ptr %v636, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v638 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v637, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v639 = fmul <8 x float> %v634, %v638
  %v640 = getelementptr float, ptr %v8, i64 20
  %v641 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v640, <8 x i1> %v90, <8 x float> zeroinitializer)
  %v642 = fadd <8 x float> %v641, %v639
  %v643 = getelementptr float, ptr %v8, i64 20
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v642, ptr align 4 %v643, <8 x i1> %v90)
  %v644 = getelementptr float, ptr %v25, i64 15
  %v645 = load float, ptr %v644, align 4
  %v646 = insertelement <8 x float> poison, float %v645, i64 0
  %v647 = shufflevector <8 x float> %v646, <8 x float> poison, <8 x i32> zeroinitializer
  %v648 = getelementptr float, ptr %a0, i64 71
  %v649 = getelementptr float, ptr %a0, i64 71
  %v650 = getelementptr float, ptr %v649, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v651 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v650, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v652 = fmul <8 x float> %v647, %v651
  %v653 = getelementptr float, ptr %v8, i64 28
  %v654 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v653, <8 x i1> %v108, <8 x float> zeroinitializer)
  %v655 = fadd <8 x float> %v654, %v652
  %v656 = getelementptr float, ptr %v8, i64 28
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v655, ptr align 4 %v656, <8 x i1> %v108)
  %v657 = getelementptr float, ptr %v25, i64 15
  %v658 = load float, ptr %v657, align 4
  %v659 = insertelement <8 x float> poison, float %v658, i64 0
  %v660 = shufflevector <8 x float> %v659, <8 x float> poison, <8 x i32> zeroinitializer
  %v661 = getelementptr float, ptr %a0, i64 135
  %v662 = getelementptr float, ptr %a0, i64 135
  %v663 = getelementptr float, ptr %v662, <8 x i64> <i64 0, i64 8, i64 16, i64 24, i64 32, i64 40, i64 48, i64 56>
  %v664 = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v663, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v665 = fmul <8 x float> %v660, %v664
  %v666 = getelementptr float, ptr %v8, i64 36
  %v667 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v666, <8 x i1> %v128, <8 x float> zeroinitializer)
  %v668 = fadd <8 x float> %v667, %v665
  %v669 = getelementptr float, ptr %v8, i64 36
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v668, ptr align 4 %v669, <8 x i1> %v128)
  %v670 = add nsw i64 %i0.4, 1
  %v671 = icmp slt i64 %v670, 10
  br i1 %v671, label %loop2, label %end3
end3:
  ret i32 0
}

define i32 @syrk(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = getelementptr ptr, ptr %buffers, i64 2
  %v6 = load ptr, ptr %v5, align 8
  %v7 = call i32 @syrk.body(ptr %v2, ptr %v4, ptr %v6, ptr %workspace, i32 %threads)
  ret i32 %v7
}

declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
declare <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr>, <8 x i1>, <8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="256" "min-legal-vector-width"="256" }

